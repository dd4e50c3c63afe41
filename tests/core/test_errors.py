"""The library's errors: their attributes, and that they can be passed between processes."""

from __future__ import annotations

import copy
import pickle

import pytest
from vimmerse.compat.core.errors import CreditLimitError, StrictModeError, TranslationError, UpstreamError

KINDS = [
    (TranslationError, 400, "TRANSLATION_ERROR"),
    (StrictModeError, 400, "NOT_TRANSLATABLE"),
    (CreditLimitError, 402, "CREDIT_LIMIT"),
    (UpstreamError, 502, "BAD_UPSTREAM_ANSWER"),
]


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
def test_status_code_and_payload(kind: type[TranslationError], status: int, code: str) -> None:
    error = kind("It was not sent.")
    assert (error.status, error.code, str(error)) == (status, code, "It was not sent.")
    assert error.payload() == {"message": code, "detail": "It was not sent.", "code": code}
    assert isinstance(error, TranslationError)


def test_attributes_and_payload() -> None:
    error = StrictModeError("No.", operation="POST /story", field="seed", job_ids=("m1", "m2"), status=409, code="X")
    assert error.payload() == {
        "message": "X",
        "detail": "No.",
        "code": "X",
        "field": "seed",
        "created_ids": ["m1", "m2"],
    }
    assert (error.operation, error.status) == ("POST /story", 409)
    assert StrictModeError("No.").status == 400, "an error's own status is not its class's"


@pytest.mark.parametrize(("kind", "status", "code"), KINDS)
@pytest.mark.parametrize("restored", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_it_pickles_and_copies(kind: type[TranslationError], status: int, code: str, restored: object) -> None:
    error = kind("No.", operation="POST /story", field="seed", job_ids=("m1",), code="OWN")
    error.add_note("already created: m1")
    assert callable(restored)
    other = restored(error)
    assert type(other) is kind
    assert (str(other), other.arguments(), other.__notes__) == (str(error), error.arguments(), error.__notes__)
    assert other.status == status
    assert code != "OWN"
