"""About forty rows that represent the entire table, for tests that are repeated at every entry point.

An entry point only converts requests and responses, so it needs one row of each kind, not every row. A row's *traits*
say what it exercises: the operation, the body's content type, each rule kind, how the call ends, and the sequence of
requests behind it. The rows are chosen greedily until they have every trait that the table has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vimmerse.compat.rules import media, story

from tests.cases.rows import HOST, Case
from tests.cases.table import CASES

OPERATIONS = {operation.v1: operation for operation in (*story.OPERATIONS, *media.OPERATIONS)}
_ROUTES = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", key)), key) for key in OPERATIONS]


def operation_of(row: Case) -> str:
    """The v1 operation that a row calls, for example ``GET /media/{media_id}``; empty for any other call."""
    target = f"{row.call.method} {row.call.url.removeprefix(HOST).partition('?')[0]}"
    return next((key for route, key in _ROUTES if route.fullmatch(target)), "")


def traits_of(row: Case) -> Iterator[tuple[str, object]]:
    """What a row exercises, as pairs of a category and a value."""
    headers, body = row.call.encoded()
    content_type = next((value for name, value in headers if name == "Content-Type"), "")
    operation = operation_of(row)
    yield "operation", operation
    yield "body", (content_type.partition(";")[0], bool(body), len(row.call.files))
    yield "requests", tuple((step.kind, step.upload is not None) for step in row.steps)
    yield "paid", tuple(step.paid for step in row.steps)
    yield "ends", (row.raises, row.status // 100)
    yield "error", row.status if row.status >= 400 else None
    yield "upstream status", row.steps[-1].response.status if row.steps else None
    yield "upstream body", row.steps[-1].response.content_type if row.steps else None
    yield "policy", tuple(sorted(row.policy))
    yield "key", row.call.key is not None
    rules = OPERATIONS[operation].by_field if operation in OPERATIONS else {}
    for name in {name for name, _ in row.call.data} | _json_names(row):
        if name in rules:
            yield "rule", rules[name].kind
    for kind, _, v2_field in row.warns:
        yield "warning", (kind, bool(v2_field))


def _json_names(row: Case) -> set[str]:
    return set(row.call.json) if isinstance(row.call.json, dict) else set()


def traits(rows: Iterable[Case]) -> set[tuple[str, object]]:
    return {trait for row in rows for trait in traits_of(row)}


def cover(rows: Iterable[Case]) -> tuple[Case, ...]:
    """The rows that add most traits first, until none is missing. Ties go to the row that comes first."""
    left = {row.id: (row, set(traits_of(row))) for row in rows}
    missing = traits(row for row, _ in left.values())
    chosen: list[Case] = []
    while missing:
        row, covered = max(left.values(), key=lambda pair: len(pair[1] & missing))
        chosen.append(row)
        missing -= covered
        del left[row.id]
    return tuple(chosen)


REPRESENTATIVE = cover(row for row in CASES if not row.untouched)
