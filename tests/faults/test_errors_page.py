"""docs/errors.md is generated from the classes: it lists every public one; each pickles, copies and has v1's shape."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import requests
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.gateway.responses import RequestRejected
from vimmerse.compat.runtime.library_errors import library_error

from tests.faults import errors, table
from tests.faults.errors import TREES, Kind

HOME = Path(__file__).resolve().parents[2]
SOURCES = [HOME / "compat" / "vimmerse", HOME / "generated" / "vimmerse" / "v2"]
KINDS = [one for kind in TREES.values() for one in kind.all()]
COPIES: list[Callable[[Exception], Exception]] = [
    copy.copy,
    copy.deepcopy,
    *(lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol)) for protocol in range(6)),
]
#: Never seen outside the part that raises them, with the way in which they end.
INTERNAL = {
    "_Retry": "a download makes another attempt",
    "UnreadableBody": "the call goes to v1",
    "ClientDisconnected": "a client of the gateway has disconnected",
    "RequestRejected": "becomes one of the gateway's own errors, below",
    "RequestError": "becomes one of the emulator's errors",
    "InvalidRequest": "becomes the emulator's 422",
    "UnreadableForm": "becomes the emulator's 400",
    "InvalidStatus": "becomes UPSTREAM_ERROR",
    "_JobStateError": "the base of two errors of batches",
    "Abandoned": "a run of a batch has ended during a download",
    "Unusable": "becomes a problem of a TableError",
    "AddressRejected": "becomes RESULT_ADDRESS_REFUSED",
    "RunError": "becomes an exit status",
    "LiveCallError": "fails a test, with the pytest plugin: docs/testing.md",
}


def test_the_pages_are_up_to_date() -> None:
    assert not errors.PAGE.drifted(errors.text()), "run: python -m tests.faults.errors"
    assert not table.PAGE.drifted(table.table()), "run: python -m tests.faults.table"


def defined() -> set[str]:
    """Every exception class of the package. Those of ``migrate`` end in its report."""
    names: set[str] = set()
    known = {"Exception", "BaseException", "ValueError", "TimeoutError", "OSError", "HTTPError", "RequestError"}
    for path in sorted(path for source in SOURCES for path in source.rglob("*.py") if "migrate" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
                if any(base in known or base in names or base.endswith("Error") for base in bases):
                    names.add(node.name)
    return names


def test_every_exception_is_in_the_tree_or_internal() -> None:
    assert {one.name for one in KINDS} == set(errors.CAUSE)
    assert defined() == {one.name for one in KINDS} | set(INTERNAL)


@pytest.mark.parametrize("way", COPIES, ids=range(len(COPIES)))
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_they_pickle_and_copy(kind: Kind, way: Callable[[Exception], Exception]) -> None:
    error = kind.example
    error.add_note("a note")
    restored = way(error)
    assert type(restored) is type(error)
    assert (str(restored), repr(restored), vars(restored)) == (str(error), repr(error), vars(error))
    del error.__notes__


OURS = [one for one in KINDS if isinstance(one.example, TranslationError)]


@pytest.mark.parametrize("base", [httpx.RequestError, requests.RequestException])
@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_an_entry_point_s_errors_are_caught_by_either_name(kind: Kind, base: type[Exception]) -> None:
    assert isinstance(kind.example, TranslationError)
    error = library_error(kind.example, base, httpx.Request("GET", "https://x.example/"))
    assert isinstance(error, type(kind.example))
    assert isinstance(error, base)
    for way in COPIES:
        second = way(error)
        assert isinstance(second, base)
        assert isinstance(second, type(kind.example))
        assert str(second) == str(error)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_translation_errors_have_v1s_shape_on_the_wire(kind: Kind) -> None:
    error = kind.example
    assert isinstance(error, TranslationError)
    assert error.payload() == {
        "message": error.code,
        "detail": "text",
        "code": error.code,
        "field": "motion_type",
        "created_ids": ["m-1"],
    }
    assert 400 <= error.status <= 599


CODE = re.compile(r'"([A-Z]+(?:_[A-Z]+)+)"')


def test_every_code_is_on_the_page() -> None:
    """The codes of the gateway's and the core's error responses, read from their sources."""
    page = errors.PAGE.path.read_text(encoding="utf-8")
    compat = HOME / "compat" / "vimmerse" / "compat"
    places = [*(compat / "core").glob("*.py"), *(compat / "gateway").glob("*.py"), compat / "adapters" / "asgi.py"]
    matches = {code for path in places for code in CODE.findall(path.read_text(encoding="utf-8"))}
    codes = {code for code in matches if not code.startswith(("VIMMERSE_", "SO_", "PIPE_"))}
    assert "GATEWAY_BUSY" in codes
    assert sorted(code for code in codes if f"`{code}`" not in page) == []


def test_the_gateways_own_errors_have_v1s_shape() -> None:
    rejection = RequestRejected(413, "BODY_TOO_LARGE", "The body has more than 5 bytes.")
    assert rejection.response.body == (
        b'{"message": "BODY_TOO_LARGE", "detail": "The body has more than 5 bytes.", "code": "BODY_TOO_LARGE"}'
    )
