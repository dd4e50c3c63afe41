"""A key in a field's value or name, at any depth and in any encoding, is redacted; control characters are escaped."""

from __future__ import annotations

import html
import json
import pickle
import re
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from vimmerse._http.redaction import Secrets, one_line
from vimmerse.compat import (
    CompatAdapter,
    CompatClient,
    CompatTransport,
    Notice,
    Policy,
    TranslationError,
    translate_request,
)
from vimmerse.compat.core.errors import CreditLimitError
from vimmerse.compat.core.messages import Headers, V1Request, V2Request, V2Response
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.jobs import download

from tests.cases.flow import start_flow
from tests.gateway.serving import RawApi, http_response
from tests.keys.canary import CANARY, HEADERS

SPECIAL = """vm_live "quoted" 'both' back\\slash/50%&+?=#"""
KEYS = [CANARY, SPECIAL]


def notices_for(body: Any, key: str, *, form: bool = False) -> tuple[Notice, ...]:
    given: dict[str, Any] = {"data": body} if form else {"json": body}
    policy = Policy(api_key=None, base_url="https://api.vimmerse.net", mode="lenient")
    return translate_request("POST", "/media", headers={"X-Api-Key": key}, policy=policy, **given).notices


def assert_clean(item: object, key: str) -> None:
    for form in (key, quote(key, safe=""), json.dumps(key)[1:-1], repr(key)[1:-1]):
        assert form not in repr(item)
        assert form not in str(item)
        assert form.encode() not in pickle.dumps(item)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "place",
    [
        lambda key: key,
        lambda key: f"before {key} after",
        lambda key: "x" * 40 + key,  # is cut off in the text
        lambda key: "x" * 190 + key,  # and in the value
        lambda key: [key],
        lambda key: {"a": [{"b": {"c": key}}]},
        lambda key: {key: 1},
        lambda key: [[f"x{key}"]],
        lambda key: json.dumps({"a": key}),
        lambda key: quote(key, safe=""),
        lambda key: json.dumps(json.dumps({"a": key})),
    ],
)
def test_a_key_in_a_value_is_in_no_notice(key: str, place: Any) -> None:
    notices = notices_for({"camera_control": place(key), "seed": place(key), "motion_type": place(key)}, key)
    assert len(notices) > 1
    for notice in notices:
        assert_clean(notice, key)
        for part in (notice.field, notice.value, notice.v2_field, notice.v2_value, notice.text):
            assert_clean(part, key)
    cut = key[:12]
    assert cut not in "".join(notice.text for notice in notices)


@pytest.mark.parametrize("end", ["...", "…"])
def test_the_beginning_of_a_key_that_was_cut_off_is_in_no_notice(end: str) -> None:
    (notice,) = [one for one in notices_for({"seed": f"of {CANARY[:12]}{end}"}, CANARY) if one.field == "seed"]
    assert notice.value == f"of [key]{end}"
    assert CANARY[:12] not in notice.text


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", [False, True])
def test_a_key_in_a_field_s_name_is_in_no_notice(key: str, form: bool) -> None:
    (_, notice) = notices_for({key: "1"}, key, form=form)
    assert notice.field == "[key]"
    assert_clean(notice, key)


def test_nor_in_an_error() -> None:
    with pytest.raises(TranslationError) as caught:
        translate_request(
            "POST",
            "/media",
            data={CANARY: CANARY},
            headers={"X-Api-Key": CANARY},
            policy=Policy(mode="strict", api_key=None),
        )
    assert CANARY not in f"{caught.value!r} {caught.value.field} {caught.value.payload()}"


def test_a_number_may_be_a_key() -> None:
    notices = notices_for({"seed": 1234567890}, "1234567890")
    assert_clean(notices, "1234567890")


@pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning", "ignore::UserWarning")
def test_nor_in_the_record_of_a_call() -> None:
    """Where the caller has put it in the URL and the body, and the server repeats it in a header and its response."""

    def respond(request: httpx.Request) -> httpx.Response:
        body = {"id": "m-1", "title": CANARY, "result": [f"https://files.example/?k={CANARY}"]}
        return httpx.Response(200, headers={"X-Echo": CANARY}, json=body)

    transport = CompatTransport(httpx.MockTransport(respond), base_url="https://api.vimmerse.net")
    with httpx.Client(transport=transport, headers={"X-Api-Key": CANARY}) as client:
        response = client.post(f"https://api.vimmerse.net/media?k={CANARY}", data={"prompt": CANARY, "seed": CANARY})
    assert CANARY in response.text  # the response is the caller's
    record = response.extensions["vimmerse"]
    assert CANARY.encode() not in pickle.dumps(record)
    exchange = record.exchanges[0]
    assert b"[key]" in exchange.request.body
    assert b"[key]" in exchange.response.body
    assert b"[key]" in record.response.body
    assert ("X-Api-Key", "[hidden]") in exchange.request.headers or (
        "x-api-key",
        "[hidden]",
    ) in exchange.request.headers


@pytest.mark.filterwarnings(
    "ignore::vimmerse.compat.V1DeprecationWarning", "ignore::vimmerse.compat.PassthroughWarning"
)
@pytest.mark.parametrize("library", ["httpx", "requests"])
def test_the_notice_of_a_failed_job_does_not_show_a_key_that_is_its_id(library: str) -> None:
    """A failed job's notice contains its id twice: in the text, and in the key by which it is shown only once."""
    shown = json.dumps({"id": CANARY, "processing_status": "failed", "result": [], "results": ["https://f.example/i"]})
    notices: list[Notice] = []

    with RawApi(lambda requested, plug: http_response(shown.encode())) as api, ExitStack() as stack:
        policy = Policy(base_url=api.base_url, api_key=None, on_warning=notices.append)
        send: Any
        if library == "httpx":
            send = stack.enter_context(httpx.Client(transport=CompatTransport(policy=policy), headers=HEADERS)).request
        else:
            session = stack.enter_context(requests.Session())
            session.mount("http://", CompatAdapter(policy=policy))
            session.headers.update(HEADERS)
            send = session.request
        place = api.base_url.replace("://", "://user:another-secret@")
        files = {"image_files": (f"{CANARY}.png", b"x", "image/png")}
        responses = [
            send("GET", f"{place}/media/{CANARY}/processing-status"),
            send("POST", f"{place}/media", data={"prompt": "x"}, files=files),
        ]
        dear = V1Request("POST", f"{api.base_url}/workflow/{CANARY}", tuple(HEADERS.items()))
        refused = start_flow(dear, policy.replace(max_credits=1))
        with pytest.raises(CreditLimitError) as caught:
            next(refused)
    assert any(notice.kind == "failed" for notice in notices)
    for item in (*notices, *(one.vimmerse for one in responses), caught.value):
        content = pickle.dumps(item)
        assert CANARY.encode() not in content
        assert b"another-secret" not in content
        assert_clean(item, CANARY)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=20), st.integers(0, 8))
def test_any_key_is_redacted_in_any_encoding(key: str, number: int) -> None:
    secrets = Secrets([key])
    in_json = json.dumps(key)[1:-1]
    form = (
        *(key, quote(key, safe=""), in_json, quote(key)),
        *(html.escape(key), html.escape(key).replace("&#x27;", "&#39;"), html.escape(key, quote=False)),
        in_json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),  # Go
        re.sub("[<>&'+]", lambda special: f"\\u{ord(special[0]):04X}", in_json),  # .NET
    )[number]
    assert form not in secrets.redact(f"a {form} b") or form in "[key]"
    assert secrets.redact("unrelated é text") == "unrelated é text" or key in "unrelated é text"


# Headers


def test_headers_hide_what_is_secret_and_are_no_sequence() -> None:
    pairs = (
        ("X-Api-Key", CANARY),
        ("Authorization", f"Bearer {CANARY}2"),
        ("X-Amz-Security-Token", "tok"),
        ("Cookie", "session=abcdef"),
        ("Referer", f"https://x/?k={CANARY}"),
        ("Accept", "*/*"),
    )
    headers = Headers(pairs)
    assert tuple(headers) == pairs
    assert headers == pairs
    assert headers == Headers(list(pairs))
    assert headers != Headers()
    assert hash(headers) == hash(Headers(pairs))
    assert len(headers) == 6
    assert ("Accept", "*/*") in headers
    assert pickle.loads(pickle.dumps(headers)) == headers
    shown = repr(headers)
    assert "('Accept', '*/*')" in shown
    for secret in (CANARY, "'tok'", "abcdef"):
        assert secret not in shown
    from collections.abc import Mapping, Sequence, Set

    for message in (headers, V1Request("GET", "u", pairs), V2Request("GET", "u", pairs), V2Response(200, pairs)):
        assert not isinstance(message, tuple | Sequence | Mapping | Set)


def test_messages_are_values() -> None:
    request = V2Request("POST", "https://x", [("A", "b")], b"body", paid=True)
    assert request.replace(paid=False) == V2Request("POST", "https://x", (("A", "b"),), b"body")
    assert pickle.loads(pickle.dumps(request)) == request
    assert hash(request) == hash(request.replace())
    notice = Notice("lossy", "POST /story", "seed", 1, "", None, "seed is left out")
    with pytest.raises(AttributeError, match="is immutable"):
        notice.text = "else"


# Control characters


@pytest.mark.parametrize(
    "char", ["\x00", "\n", "\r", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\u202e", "\u2066"]
)
def test_no_control_character_gets_into_a_text(char: str) -> None:
    for body in ({f"a{char}b": "1"}, {"camera_control": f"a{char}b"}, {"motion_type": f"a{char}b"}):
        for notice in notices_for(body, CANARY):
            assert char not in notice.text + notice.field
            assert notice.text.isprintable()
    with pytest.raises(TranslationError) as caught:
        translate_request("POST", "/media", data={f"a{char}b": "1"}, policy=Policy(mode="strict", api_key=None))
    assert (str(caught.value) + caught.value.field).isprintable()


def test_a_server_s_text_does_not_get_through_either() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=[(b"Content-Type", b"text/\x9b31mx")], content=b"no JSON")

    with (
        httpx.Client(transport=CompatTransport(httpx.MockTransport(respond), on_warning=lambda notice: None)) as client,
        pytest.raises(TranslationError) as caught,
    ):
        client.get("https://api.vimmerse.net/media/x", headers={"X-Api-Key": CANARY})
    assert str(caught.value).isprintable()
    assert r"\x9b31mx" in str(caught.value)


@pytest.mark.parametrize(("text", "expected"), [("plain é 日 😀", "plain é 日 😀"), ("a\x1b[31m\n", r"a\x1b[31m\n")])
def test_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


@pytest.mark.parametrize(
    "text", [CANARY, f"x/{CANARY}", f"https://[{CANARY}", f"https://user:{CANARY}@host/x?k={CANARY}"]
)
def test_no_setting_that_is_no_url_is_quoted(text: str, tmp_path: Path) -> None:
    makers: list[Callable[[], object]] = [
        lambda: Policy(base_url=text),
        lambda: CompatTransport(base_url=text),
        lambda: CompatClient("a-key", base_url=text),
        lambda: GatewayConfig(proxy=text if "user" not in text else f"ftp{text}"),
        lambda: translate_request("POST", text),
        lambda: download(text, tmp_path / "clip.mp4"),
    ]
    for make in makers:
        with pytest.raises(ValueError, match=r"\w") as caught:
            make()
        assert CANARY not in str(caught.value)


def test_a_key_of_six_letters_is_not_shown() -> None:
    request = translate_request("POST", "/story", data={"seed": "secret"}, headers={"X-Api-Key": "secret"})
    assert not any("secret" in one.text for one in request.notices)


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


def test_secrets_are_in_no_pickle_and_no_repr() -> None:
    secrets = Secrets([CANARY])
    content = pickle.dumps(secrets)

    assert secrets.occur_in(f"key {CANARY}")
    assert CANARY.encode() not in content
    assert not pickle.loads(content)
    assert CANARY not in repr(secrets)
