"""Reading JSON that a client sent: what no answer could repeat is refused, and nothing else.

Python's own reader takes more than JSON has (``NaN``), turns ``1e999`` into an infinity, fails with an error of its
own on integers of thousands of digits, and keeps half a surrogate pair, which no UTF-8 can hold.
"""

from __future__ import annotations

import json
import math

MAX_DEPTH = 100
_MAX_DIGITS = 308  # as many as a float can hold: so every integer converts


def read_json(text: str | bytes) -> object:
    """The value of a JSON text. :exc:`json.JSONDecodeError`, and nothing else, where there is none."""
    try:
        value: object = json.loads(text, parse_constant=_constant, parse_float=_float, parse_int=_int)
    except UnicodeDecodeError:
        raise _unreadable("There was an error parsing the body") from None
    except RecursionError:
        raise _unreadable(f"Nested deeper than {MAX_DEPTH} levels") from None
    _check(value)
    return value


def _unreadable(message: str) -> json.JSONDecodeError:
    return json.JSONDecodeError(message, "", 0)


def _constant(text: str) -> object:
    raise _unreadable(f"{text} is not JSON")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _unreadable("A number is too large")
    return value


def _int(text: str) -> int:
    if len(text.lstrip("-")) > _MAX_DIGITS:
        raise _unreadable("A number is too large")
    return int(text)


def _check(value: object) -> None:
    """Look through a value without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below += one.keys()
                below += one.values()
            elif isinstance(one, list):
                below += one
            elif isinstance(one, str) and not one.isascii():
                _check_text(one)
        if not below:
            return
        level = below
    raise _unreadable(f"Nested deeper than {MAX_DEPTH} levels")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _unreadable("A text holds half a surrogate pair") from None
