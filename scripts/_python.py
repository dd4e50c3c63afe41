"""Values and calls as Python source that a reader can take in: on one line where it fits, else one item a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH = 100
_MARKED = re.compile("⟦(.*)⟧", re.DOTALL)


def mark(expression: str) -> str:
    """A text that stands for an expression: it may travel through a translation, and is written as code in the end."""
    return f"⟦{expression}⟧"


@dataclass(frozen=True)
class Code:
    """An expression as it is to be written."""

    text: str


@dataclass(frozen=True)
class Invocation:
    """A call: ``name(value, key=value)``."""

    name: str
    positional: tuple[Any, ...] = ()
    keywords: tuple[tuple[str, Any], ...] = ()


def source(value: Any, indent: int = 0, used: int = 0) -> str:
    """A value as source. ``indent``: of the line that it begins on; ``used``: characters before it on that line."""
    flat = _flat(value)
    if indent + used + len(flat) <= WIDTH or not _items(value):
        return flat
    opening, closing = _brackets(value)
    inner = indent + 4
    lines = "".join(f"{' ' * inner}{before}{source(item, inner, len(before) + 1)},\n" for before, item in _items(value))
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def _flat(value: Any) -> str:
    if isinstance(value, Code):
        return value.text
    if isinstance(value, dict | list | tuple | Invocation):
        opening, closing = _brackets(value)
        inside = ", ".join(before + _flat(item) for before, item in _items(value))
        return opening + inside + ("," if isinstance(value, tuple) and len(value) == 1 else "") + closing
    if isinstance(value, str):
        marked = _MARKED.fullmatch(value)
        return marked[1] if marked else text(value)
    return repr(value)


def text(value: str) -> str:
    """A text in double quotes, in single ones where it holds double ones alone."""
    if '"' in value and "'" not in value:
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, Invocation):
        return f"{value.name}(", ")"
    if isinstance(value, dict):
        return "{", "}"
    return ("[", "]") if isinstance(value, list) else ("(", ")")


def _items(value: Any) -> list[tuple[str, Any]]:
    """The parts between the brackets, each with what stands before it."""
    if isinstance(value, Invocation):
        return [("", item) for item in value.positional] + [(f"{name}=", item) for name, item in value.keywords]
    if isinstance(value, dict):
        return [(f"{text(name)}: ", item) for name, item in value.items()]
    return [("", item) for item in value] if isinstance(value, list | tuple) else []


def statement(target: str, value: Any) -> str:
    """``target = value``; without a target the value alone."""
    before = f"{target} = " if target else ""
    return before + source(value, 0, len(before))


def invocation(name: str, *positional: Any, keywords: Iterable[tuple[str, Any]] = ()) -> Invocation:
    """A call; shorter to write than the class."""
    return Invocation(name, positional, tuple(keywords))
