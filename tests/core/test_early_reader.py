"""A form that is parsed while it is received: the same fields, limits and errors as when it is parsed afterwards."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata
from vimmerse.compat.core.fields import Limits, UnreadableBody
from vimmerse.compat.core.forms import parse_body
from vimmerse.compat.core.messages import Pairs
from vimmerse.compat.core.multipart import EarlyReader

from tests.core.play import Pieces
from tests.core.test_forms import BOUNDARY, END, MULTIPART, READABLE, UNREADABLE, all_values, part, parts, typed

MOST = 1000


class Walked(Pieces):
    """A stored body that was parsed while it was received. It can be sliced, but not read a second time."""

    def __init__(self, content: bytes, reader: EarlyReader) -> None:
        super().__init__(content, 1000)
        self.reader = reader

    def chunks(self) -> Iterator[bytes]:
        raise AssertionError("it is read a second time")


class Rereadable(Walked):
    """A stored body that may be read again; whether it was is remembered."""

    was_read = False

    def chunks(self) -> Iterator[bytes]:
        self.was_read = True
        return Pieces.chunks(self)


def fed(headers: Pairs, body: bytes, size: int, limits: Limits | None = None, most: int = MOST) -> EarlyReader:
    reader = EarlyReader(headers, limits or Limits(), most)
    for start in range(0, len(body), size):
        reader.feed(body[start : start + size])
    return reader


def end_of(headers: Pairs, body: Any, limits: Limits | None = None) -> Any:
    """The fields, files with their bytes; or why there are none."""
    try:
        return all_values(parse_body(headers, body, limits or Limits()))
    except UnreadableBody as error:
        return str(error)


@given(parts, st.integers(1, 60))
def test_every_part_is_parsed(sent: list[tuple[str, Any]], size: int) -> None:
    encoded, kind = encode_multipart_formdata(
        [(name, (*value, "image/png") if isinstance(value, tuple) else value.encode()) for name, value in sent],
        boundary=BOUNDARY,
    )
    headers = typed(kind)
    early = Walked(encoded, fed(headers, encoded, size, most=100_000))
    for _ in range(2):  # it may be read again
        assert end_of(headers, early) == end_of(headers, encoded)


FORMS = [one for one in [*UNREADABLE, *READABLE] if one.values[0] == MULTIPART]


@pytest.mark.parametrize(("kind", "body", "expected"), FORMS)
@pytest.mark.parametrize("size", [1, 1000])
def test_the_table_of_forms(kind: str, body: bytes, expected: Any, size: int) -> None:
    headers = typed(kind)
    early = Walked(body, fed(headers, body, size, most=100_000))
    assert end_of(headers, early) == end_of(headers, Pieces(body, size))


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "multipart/mixed; boundary=b0undary"])
def test_a_body_that_is_not_a_form_is_not_parsed(kind: str) -> None:
    body = b'{"a": 1}'
    stored = Rereadable(body, fed(typed(kind), body, 3))
    assert end_of(typed(kind), stored) == end_of(typed(kind), body)


def test_a_compressed_form_is_not_parsed() -> None:
    body = part('form-data; name="a"') + END
    headers = (*typed(MULTIPART), ("Content-Encoding", "gzip"))
    assert end_of(headers, Walked(body, fed(headers, body, 9))) == "its content encoding is 'gzip'"


def test_another_boundary_or_other_limits_are_another_form() -> None:
    body = part('form-data; name="a"', "12345") + END
    headers = typed(MULTIPART)
    reader = fed(headers, body, 9)
    other = Rereadable(body, reader)
    assert end_of(typed("multipart/form-data; boundary=other"), other).startswith("its multipart form is broken")
    assert other.was_read
    other = Rereadable(body, reader)
    assert end_of(headers, other, Limits(field_size=4)) == "its field 'a' is over 4 bytes"
    assert other.was_read


def test_what_was_not_fed_is_read() -> None:
    body = part('form-data; name="a"') + END
    stored = Rereadable(body, EarlyReader(typed(MULTIPART), Limits(), MOST))
    assert end_of(typed(MULTIPART), stored) == {"a": ["x"]}
    assert stored.was_read


TEXT = part('form-data; name="a"', "y" * 600) * 2
HEADS = part('form-data; name="a"; filename="f"', "y", "X: " + "z" * 600) * 2


@pytest.mark.parametrize("body", [TEXT + END, HEADS + END], ids=["text", "headers"])
def test_memory_is_limited(body: bytes) -> None:
    headers = typed(MULTIPART)
    within, beyond = (Rereadable(body, fed(headers, body, 50, most=most)) for most in (2000, 1000))
    assert end_of(headers, within) == end_of(headers, beyond) == end_of(headers, body)
    assert (within.was_read, beyond.was_read) == (False, True)


def test_beyond_its_limit_it_frees_what_it_had_read() -> None:
    reader = EarlyReader(typed(MULTIPART), Limits(), 100_000)
    piece = part('form-data; name="a"', "y" * 1000)
    tracemalloc.start()
    try:
        for _ in range(80):
            reader.feed(piece)
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(400):
            reader.feed(piece)
        gc.collect()  # the parser and its callbacks refer to each other
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert before > 80_000
    assert after < 20_000


def test_a_file_is_not_kept() -> None:
    body = part('form-data; name="a"; filename="f"', "y" * 100_000) + END
    reader = fed(typed(MULTIPART), body, 999)
    assert end_of(typed(MULTIPART), Walked(body, reader)) == end_of(typed(MULTIPART), body)
