"""From what a v1 form or JSON body holds to v2's types.

Each leaves a value that it can't read as it is: v2 refuses it with its own words, as v1 did.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from vimmerse.compat.core.fields import UnreadableBody, Value, parse_json

Convert = Callable[[Value], Any]


def as_is(value: Value) -> Any:
    """No conversion."""
    return value


def integer(value: Value) -> Any:
    """A whole number from a form's text."""
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
            return int(number) if number.is_integer() else number
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


YES = frozenset({"true", "1", "yes", "on", "y", "t"})
NO = frozenset({"false", "0", "no", "off", "n", "f"})


def boolean(value: Value) -> Any:
    """A truth value in any of the spellings that forms use."""
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in YES else False if word in NO else value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    return value


def json_value(value: Value) -> Any:
    """An object or array that a form carries as JSON text."""
    if isinstance(value, str):
        try:
            return parse_json(value)
        except UnreadableBody:
            return value
    return value


def from_text(value: Value) -> Any:
    """A v2 value that a form carries under its v2 name: JSON where it looks like an object or array."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json_value(value)
    return value
