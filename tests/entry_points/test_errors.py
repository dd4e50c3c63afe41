"""A TranslationError that is the library's own error too."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import httpx2
import pytest
import requests
from vimmerse.compat.core.errors import CreditLimitError, StrictModeError, TranslationError, UpstreamError
from vimmerse.compat.runtime.library_errors import library_error

BASES: list[tuple[type[Exception], Any]] = [
    (requests.RequestException, requests.Request("GET", "http://example.org").prepare()),
    (httpx.RequestError, httpx.Request("GET", "http://example.org")),
    (httpx2.RequestError, httpx2.Request("GET", "http://example.org")),
]
KINDS = [TranslationError, StrictModeError, CreditLimitError, UpstreamError]


@pytest.mark.parametrize(("base", "request_"), BASES)
@pytest.mark.parametrize("kind", KINDS)
def test_both_handlers_catch_it(kind: type[TranslationError], base: type[Exception], request_: Any) -> None:
    cause = ValueError("why")
    first = kind("no way", operation="POST /story", field="seed", job_ids=("1",), status=418, code="TEAPOT")
    first.__cause__ = cause
    first.add_note("created: 1")
    error: Any = library_error(first, base, request_)
    assert {kind, base} <= set(type(error).__mro__)
    assert type(error).__name__ == kind.__name__
    assert type(error).__module__ == "vimmerse.compat.core.errors"
    assert str(error) == "no way"
    assert (error.message, error.args) == ("no way", ("no way",))
    assert error.arguments() == first.arguments()
    assert error.payload() == first.payload()
    assert error.request is request_
    assert error.__cause__ is cause
    assert error.__notes__ == ["created: 1"]
    if base is requests.RequestException:
        assert error.response is None
    assert library_error(error, base, None) is error


@pytest.mark.parametrize(("base", "request_"), BASES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_pickles_and_copies(kind: type[TranslationError], base: type[Exception], request_: Any) -> None:
    error: Any = library_error(kind("no way", field="seed", job_ids=("1",)), base, request_)
    copies: list[Any] = [pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)]
    for other in copies:
        assert type(other) is type(error)
        assert str(other) == "no way"
        assert other.arguments() == error.arguments()
        assert str(other.request.url) == str(request_.url)


def test_threads_get_one_class() -> None:
    class Own(requests.RequestException):
        pass

    with ThreadPoolExecutor(16) as pool:
        kinds = set(pool.map(lambda _: type(library_error(StrictModeError("x"), Own, None)), range(200)))
    assert len(kinds) == 1
