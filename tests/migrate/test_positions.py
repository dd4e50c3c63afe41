"""Positions of nodes: those that LibCST's own provider gives."""

from __future__ import annotations

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from vimmerse.compat.migrate.rewrite.positions import Position, Positions

from tests.migrate.cases import CORPUS

PROGRAMS = ("odd_formatting", "crlf_bom", "status_match", "async_gather", "poll_while_true", "class_session")
#: LibCST counts a newline that the end of a file lacks.
WHITESPACE = cst.Module | cst.Newline | cst.TrailingWhitespace


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_positions_are_those_of_libcst(name: str) -> None:
    source = (CORPUS / name / "main.py").read_bytes().decode("utf-8-sig")
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    positions = Positions(wrapper.module)

    for node, span in wrapper.resolve(PositionProvider).items():
        if not isinstance(node, WHITESPACE):
            expected = Position(span.start.line, span.start.column + 1, span.end.line)
            assert positions.of(node) == expected, node


def test_an_end_without_a_newline_and_every_kind_of_newline() -> None:
    tree = cst.parse_module("if a:\r\n\tb(\r\n\t)\n  # c\nd()")
    positions = Positions(tree)

    assert [positions.of(statement) for statement in tree.body] == [Position(1, 1, 3), Position(5, 1, 5)]
