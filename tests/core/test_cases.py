"""The case table, played through the core."""

from __future__ import annotations

import pytest
from vimmerse.compat import translate_request
from vimmerse.compat.flows.dispatch import begin

from tests.cases.check import check
from tests.cases.flow import is_api_call
from tests.cases.representative import OPERATIONS, REPRESENTATIVE, traits
from tests.cases.rows import KEY, Case
from tests.cases.table import CASES
from tests.core.play import play, policy_of, request_of

OURS = [row for row in CASES if not row.untouched]
THEIRS = [row for row in CASES if row.untouched]
#: Only the multipart parser reads a body in pieces. Any other body is joined first, so a few rows show it for all.
IN_PIECES = [
    (row, size)
    for row in OURS
    for size in ((1, 5, 64) if row.call.multipart else (5,) if row in REPRESENTATIVE else ())
    if row.call.encoded()[1]
]


def each(rows: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row.id for row in rows])


@each(OURS)
def test_row(row: Case) -> None:
    """The requests, response and warnings are the row's. Repeating the call gives the same."""
    assert is_api_call(row.call.method, row.call.url, policy_of(row))
    first, second = play(row), play(row)
    check(row, first)
    assert repr(first.error) == repr(second.error)
    first.error = second.error = None
    assert first == second


@each(THEIRS)
def test_other_requests_are_not_calls_to_the_api(row: Case) -> None:
    assert begin(request_of(row), policy_of(row)) is None
    with pytest.raises(ValueError, match="not a v1 Story or Media call"):
        translate_request(row.call.method, row.call.url, policy=policy_of(row))


@pytest.mark.parametrize(("row", "size"), [pytest.param(row, size, id=f"{size}-{row.id}") for row, size in IN_PIECES])
def test_a_stored_body_in_pieces_changes_nothing(row: Case, size: int) -> None:
    stored, complete = play(row, size), play(row)
    assert repr(stored.error) == repr(complete.error)
    stored.error = complete.error = None
    assert stored == complete


@each(OURS)
def test_the_key_is_in_its_header_and_nowhere_else(row: Case) -> None:
    """Neither the caller's nor the configured one, whatever a row does."""
    record = play(row)
    keys = [KEY, *([row.policy["api_key"]] if "api_key" in row.policy else [])]
    texts = [
        repr(request_of(row)),
        repr(policy_of(row)),
        repr(record.error),
        *(notice.text for notice in record.notices),
    ]
    texts.append(record.body.decode("utf-8", "replace"))
    for sent in record.sent:
        texts.append(sent.url)
        if b"the-configured-key" not in row.call.encoded()[1]:
            texts.append(sent.body.decode("utf-8", "replace"))
        texts += [value for name, value in sent.headers if name.lower() != "x-api-key"]
    for text in texts:
        for key in keys:
            assert key not in text


def test_the_table_is_as_long_as_it_should_be() -> None:
    """A row that is lost in a merge leaves a rule unchecked."""
    assert len(CASES) >= 480


def test_the_representative_rows_have_every_trait_of_the_table() -> None:
    """Every operation, rule kind, content type, error and sequence of requests, in about a tenth of the rows."""
    assert traits(REPRESENTATIVE) == traits(OURS)
    assert len(REPRESENTATIVE) <= 60
    assert len({row.id for row in REPRESENTATIVE}) == len(REPRESENTATIVE)
    kinds = {rule.kind for operation in OPERATIONS.values() for rule in operation.rules}
    assert kinds == {value for name, value in traits(REPRESENTATIVE) if name == "rule"}
