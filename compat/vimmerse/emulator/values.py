"""JSON values: reading what a client sent, and taking typed parts out of it."""

from __future__ import annotations

import json

JsonObject = dict[str, object]

MAX_DEPTH = 100
TRUE_TEXTS = frozenset({"true", "1", "yes", "on", "t", "y"})
FALSE_TEXTS = frozenset({"false", "0", "no", "off", "f", "n"})
_MAX_DIGITS = 308  # as many as a float can hold, so every integer can be converted


def read_json(text: str | bytes) -> object:
    """Parse JSON, and reject what no response could repeat.

    That is ``NaN``, ``1e999``, integers of more than 308 digits, half a surrogate pair, and more than 100 levels.
    Raises :exc:`json.JSONDecodeError` and nothing else.
    """
    try:
        value: object = json.loads(text, parse_int=_integer)
        # Python reads NaN, infinities and half a surrogate pair, but does not write them.
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        _check_depth(value)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(str(error), "", 0) from None
    return value


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > _MAX_DIGITS:
        raise ValueError("A number is too large")
    return int(text)


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        children: list[object] = []
        for item in level:
            if isinstance(item, (dict, list)):
                children += item.values() if isinstance(item, dict) else item
        if not children:
            return
        level = children
    raise ValueError(f"Nested deeper than {MAX_DEPTH} levels")


def as_object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def as_objects(value: object) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_text(value: object) -> str:
    return value if isinstance(value, str) else ""


def as_texts(value: object) -> list[str]:
    """The texts in a list, without blank ones; anything but a list has none."""
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def as_bool(value: object, default: bool = False) -> bool:
    """A boolean, a number, or a text such as ``Yes`` and ``false``; the default for anything else."""
    if isinstance(value, (bool, int, float)):
        return bool(value)
    text = value.strip().lower() if isinstance(value, str) else ""
    return text in TRUE_TEXTS or (text not in FALSE_TEXTS and default)
