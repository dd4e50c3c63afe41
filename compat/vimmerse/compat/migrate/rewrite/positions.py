"""Where the nodes of a module are in its text.

LibCST's own provider makes two objects for each node, and splits each token at its newlines; a migration asks for the
positions of few nodes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from types import TracebackType
from typing import NamedTuple

import libcst as cst
from libcst._nodes.internal import CodegenState

_NEWLINE = re.compile(r"\r\n?|\n")


class Position(NamedTuple):
    """The first line and column, and the last line of a node, from 1."""

    line: int
    column: int
    end_line: int


class Positions:
    """The positions of a module's nodes, without the whitespace around them."""

    def __init__(self, tree: cst.Module) -> None:
        state = _State(default_indent=tree.default_indent, default_newline=tree.default_newline)
        tree._codegen(state)  # as code_for_node does
        self._spans = state.spans
        self._lines = [0, *(match.end() for match in _NEWLINE.finditer("".join(state.tokens)))]

    def of(self, node: cst.CSTNode) -> Position:
        """Return the position of a node of the module."""
        start, end = self._spans[node]
        line = bisect_right(self._lines, start)
        return Position(line, start - self._lines[line - 1] + 1, bisect_right(self._lines, end))


class _State(CodegenState):
    """Writes the code of a tree, and notes where each node begins and ends: offsets of characters."""

    def __init__(self, *, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent=default_indent, default_newline=default_newline)
        self.spans: dict[cst.CSTNode, tuple[int, int]] = {}
        self.offset = 0
        self._starts: list[int] = []

    def add_indent_tokens(self) -> None:
        self.tokens.extend(self.indent_tokens)
        self.offset += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.offset += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        self.spans.setdefault(node, (start, self.offset))

    def record_syntactic_position(  # type: ignore[override]  # a context manager, without a generator
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Recording:
        return _Recording(self, node, start_node, end_node)


class _Recording:
    def __init__(
        self, state: _State, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self._state, self._node, self._start_node, self._end_node = state, node, start_node, end_node

    def __enter__(self) -> None:
        self._start = self._state.offset

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        spans = self._state.spans
        start = self._start if self._start_node is None else spans[self._start_node][0]
        end = self._state.offset if self._end_node is None else spans[self._end_node][1]
        spans[self._node] = start, end
