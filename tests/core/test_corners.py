"""Corners of the core: interpreters without a known encoder, and keys inside of other values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat.core.messages import V1Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows import context as talk

from tests.cases.flow import start_flow

VALUE = {"text": 'a "ü" \u2028', "list": [1, 2.5, None, True], "empty": {}}


def other(*_: object) -> Any:
    """As C code with other arguments refuses ours."""
    raise TypeError("make_encoder() takes 9 arguments")


def another(*_: object) -> Any:
    """As C code that takes our arguments for something else."""
    return lambda value, level: ("?",)


@pytest.mark.parametrize("make", [None, other, another])
def test_an_interpreter_without_the_known_encoder_has_the_slower_one(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = talk._encoder()
    with monkeypatch.context() as patch:
        patch.setattr(json.encoder, "c_make_encoder", make)
        slow = talk._encoder()
    assert getattr(slow, "__func__", None) is json.JSONEncoder.encode
    assert slow(VALUE) == quick(VALUE) == json.dumps(VALUE, separators=(",", ":"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        slow(float("nan"))


def test_a_key_that_strayed_into_a_renamed_field_is_in_no_notice() -> None:
    headers = (("X-Api-Key", "secret-key-1"), ("Content-Type", "application/json"))
    body = json.dumps({"idea": "Rain", "narrator": "a-secret-key-1"}).encode()
    url = "https://api.vimmerse.net/story/idea-2-video"
    notices = next(start_flow(V1Request("POST", url, headers, body), Policy())).notices
    assert [(one.value, one.v2_value) for one in notices if one.field == "narrator"] == [("a-[key]", "a-[key]")]
    assert "secret-key-1" not in repr(notices)


@pytest.mark.parametrize("field", [{"odd": {"deep": "secret-key-1"}}, {"a-secret-key-1-b": "x"}])
def test_a_key_inside_a_field_or_its_name_is_in_no_notice(field: dict[str, Any]) -> None:
    headers = (("X-Api-Key", "secret-key-1"), ("Content-Type", "application/json"))
    body = json.dumps({"prompt": "Rain", **field}).encode()
    request = next(start_flow(V1Request("POST", "https://api.vimmerse.net/media/prompt", headers, body), Policy()))
    texts = [notice.text for notice in request.notices]
    assert any("[key]" in text for text in texts)
    assert "secret-key-1" not in "".join(texts)
