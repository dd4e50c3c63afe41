"""The structure of a program in any language, found in its text: brackets, statements, balanced expressions."""

from __future__ import annotations

import re
from bisect import bisect_right

#: The end of a line whose statement continues on the next line, and the start of a line that continues a statement.
_GOES_ON = re.compile(r"(?:[,(\[=+.&|\\^?:]|[-=]>|[(,=:\[]\s*\{)\s*\Z")
_WENT_ON = re.compile(r"\s*(?:[.?:&|+,)\]}]|->)")
_BLOCK = re.compile(r";|(?:\)|=>)\s{0,20}\{|\n\s*\n")
_MAX_STATEMENT = 400  # characters before or after a place


class Brackets:
    """The pairs of brackets in a text without strings and comments."""

    def __init__(self, text: str, opening: str, closing: str) -> None:
        self._places: list[int] = []
        self._innermost: list[int] = []  # the bracket that is open after each place, or -1
        self._ends: dict[int, int] = {-1: len(text)}
        opened = [-1]
        for place in re.finditer(rf"[{re.escape(opening + closing)}]", text):
            if place[0] == opening:
                opened.append(place.start())
            elif len(opened) > 1:
                self._ends[opened.pop()] = place.start()
            self._places.append(place.start())
            self._innermost.append(opened[-1])

    def around(self, offset: int) -> tuple[int, int]:
        """The innermost pair around ``offset``. Outside of all, the start is -1; one that is not closed is empty."""
        index = bisect_right(self._places, offset) - 1
        start = self._innermost[index] if index >= 0 else -1
        return start, self._ends.get(start, start)


def statement(code: str, offset: int) -> tuple[int, int]:
    """The start and end of the statement around ``offset``, judged by line breaks, semicolons and blocks."""
    first = max(offset - _MAX_STATEMENT, 0)
    for block in _BLOCK.finditer(code, first, offset):
        first = block.end()
    start = code.rfind("\n", first, offset)
    while start >= 0 and (_GOES_ON.search(code[first:start][-60:]) or _WENT_ON.match(code, start)):
        start = code.rfind("\n", first, start)
    last = min(len(code), offset + _MAX_STATEMENT)
    stop = re.compile(r";|\n\s*\n").search(code, offset, last)
    last = stop.start() if stop else last
    end = code.find("\n", offset, last)
    while end >= 0 and (_GOES_ON.search(code[offset:end][-60:]) or _WENT_ON.match(code, end)):
        end = code.find("\n", end + 1, last)
    return max(start + 1, first), end if end >= 0 else last


def balanced(text: str, start: int, limit: int) -> int:
    """The offset after the bracket that closes the one at ``start``; -1 if it is not within ``limit`` characters."""
    depth = 0
    for position in range(start, min(start + limit, len(text))):
        char = text[position]
        if char in "({[":
            depth += 1
        elif char in ")}]":
            depth -= 1
            if depth == 0:
                return position + 1
    return -1
