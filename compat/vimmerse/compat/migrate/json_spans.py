"""Where the values of a valid JSON document are in its text, so that some can be replaced and the rest stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[\s\ufeff,:]*")


def _skip(text: str, at: int) -> int:
    """The position of the next value, name or bracket."""
    match = _SPACE.match(text, at)
    assert match is not None  # it matches no character too
    return match.end()


def members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield the name, the start and the end of each member of the object that starts at ``start``."""
    at = _skip(text, start + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        value = _skip(text, at)
        _, end = _DECODER.raw_decode(text, value)
        yield name, value, end
        at = _skip(text, end)


def items(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each item of the array that starts at ``start``."""
    at = _skip(text, start + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _skip(text, end)
