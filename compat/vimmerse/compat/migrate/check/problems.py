"""What a check reports of a program besides its calls."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from vimmerse.compat.migrate.check.keys import keys_of_python, keys_of_text
from vimmerse.compat.migrate.check.polling import endless_polls
from vimmerse.compat.migrate.check.receivers import receivers_of_python, receivers_of_text
from vimmerse.compat.migrate.check.recognition import V1Call

ItemT = TypeVar("ItemT")

_KEY = "an API key is written here; read it from the environment or a secret store, and revoke this one"
_WEBHOOK = "this receiver reads version 1's payload; vimmerse.jobs.parse_webhook reads that of both versions"
_POLLING = "this loop ends only when the job succeeds: if the job fails or is cancelled, it never ends"
_STATUS_CALLS = {"GET /story/{story_id}", "GET /media/{media_id}", "GET /media/{media_id}/processing-status"}


class PlacedProblem(NamedTuple):
    """A problem at a place of a program, both from 1; the column in characters."""

    line: int
    column: int
    kind: str
    text: str


def problems_of_python(
    code: str, tree: ast.Module, calls: Iterable[tuple[ast.expr, V1Call]]
) -> Iterator[PlacedProblem]:
    """The problems of a Python program, by its text, its syntax tree and its v1 calls."""
    polls = [node for node, call in calls if isinstance(node, ast.Call) and _polls(call)]
    found: list[tuple[ast.expr | ast.stmt, str, str]] = []
    found += ((node, "api-key-in-source", _KEY) for node in keys_of_python(tree))
    found += ((node, "webhook-payload-v1", _WEBHOOK) for node in receivers_of_python(tree))
    if polls:
        found += ((node, "polling-without-exit", _POLLING) for node in endless_polls(tree, polls))
    for line, column, (kind, text) in placed(code, ((node, (kind, text)) for node, kind, text in found)):
        yield PlacedProblem(line, column, kind, text)


def placed(code: str, items: Iterable[tuple[ast.expr | ast.stmt, ItemT]]) -> Iterator[tuple[int, int, ItemT]]:
    """The line and the column of each node of a program, with what belongs to it, in their order in the text.

    In one pass, so that the work grows with the code, however many nodes a line has.
    """
    lines = code.split("\n")
    line, start, column, encoded = 0, 0, 1, b""
    for node, item in sorted(items, key=lambda each: (each[0].lineno, each[0].col_offset)):
        if node.lineno != line:
            line, start, column = node.lineno, 0, 1
            encoded = lines[line - 1].encode()
        # The syntax tree counts the bytes of UTF-8.
        column += len(encoded[start : node.col_offset].decode("utf-8", "replace"))
        start = node.col_offset
        yield line, column, item


def _polls(call: V1Call) -> bool:
    """Whether a call asks for the status of a job."""
    return any(operation.v1 in _STATUS_CALLS for operation in call.address.operations)


def problems_of_text(code: str) -> Iterator[PlacedProblem]:
    """The problems of a program in any other language."""
    starts = [0, *(match.end() for match in re.finditer("\n", code))]
    found = [(offset, "api-key-in-source", _KEY) for offset in keys_of_text(code)]
    found += ((offset, "webhook-payload-v1", _WEBHOOK) for offset in receivers_of_text(code))
    for offset, kind, text in found:
        line = bisect_right(starts, offset)
        yield PlacedProblem(line, offset - starts[line - 1] + 1, kind, text)
