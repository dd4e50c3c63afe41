"""Conversions of v1's form and JSON values to v2's types.

A value that can't be converted stays as it is: v2 rejects it with its own validation error, as v1 did.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from vimmerse.compat.core.fields import UnreadableBody, Value, parse_json

Convert = Callable[[Value], Any]
_YES = frozenset({"true", "1", "yes", "on", "y", "t"})
_NO = frozenset({"false", "0", "no", "off", "n", "f"})


def as_is(value: Value) -> Any:
    """Return the value unchanged."""
    return value


def integer(value: Value) -> Any:
    """Return a form's text as a number, and a whole number as ``int``."""
    number = value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            try:
                number = float(value)
            except ValueError:
                return value
            if not math.isfinite(number):
                return value
    return int(number) if isinstance(number, float) and number.is_integer() else number


def boolean(value: Value) -> Any:
    """Return a truth value in any of the spellings that forms use as ``bool``."""
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _YES else False if word in _NO else value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    return value


def json_value(value: Value) -> Any:
    """Return the object or array that a form carries as JSON text."""
    if isinstance(value, str):
        try:
            return parse_json(value)
        except UnreadableBody:
            return value
    return value


def from_text(value: Value) -> Any:
    """Return a form's value of a v2 field: parsed if it looks like a JSON object or array."""
    return json_value(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
