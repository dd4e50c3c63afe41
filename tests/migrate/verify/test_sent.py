"""The form in which a request is compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vimmerse.compat.migrate.proof.child import HEADER
from vimmerse.compat.migrate.proof.sent import ProgramCall, Sent, call_of, sent
from vimmerse.emulator.records import RecordedRequest, RequestBody, Upload

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def record(
    method: str = "POST", body: RequestBody | None = None, query: str = "", key: str = "", header: str = ""
) -> RecordedRequest:
    headers = (("x-api-key", key), (HEADER.lower(), header))
    return RecordedRequest(method, "/v2/media", query, headers, body or RequestBody(), 200, f"{method} /v2/media")


def converted(request: RecordedRequest) -> Sent:
    return sent(request, {"http://127.0.0.1:5": "https://files"}, lambda digest: f"key {digest[:2]}")


def as_json(value: Any) -> RequestBody:
    raw = json.dumps(value).encode()
    return RequestBody("json", "application/json", len(raw), raw, json=value)


def test_json_is_canonical_and_keeps_types() -> None:
    one = converted(record(body=as_json({"b": 5.0, "a": [{"url": "http://127.0.0.1:5/x.png"}, "5", True, 0.5]})))

    assert one.document == {
        "request": "POST /v2/media",
        "body": {"a": [{"url": "https://files/x.png"}, "5", True, 0.5], "b": 5},
        "status": 200,
        "key": "none",
    }
    assert list(one.document["body"]) == ["a", "b"]
    assert "body" not in converted(record(body=as_json({}))).document


def test_forms_and_uploads_are_compared_by_their_bytes() -> None:
    upload = Upload("image_file", "a.png", "image/png", 3, "abc", b"123")
    body = RequestBody("multipart", "multipart/form-data", 9, fields=(("b", "2"), ("a", "1")), uploads=(upload,))

    document = converted(record(body=body)).document

    assert document["form"] == [["a", "1"], ["b", "2"]]
    assert document["files"] == [{"field": "image_file", "suffix": ".png", "sha256": "abc"}]
    no_fields = converted(record(body=RequestBody("multipart", size=1, uploads=(upload,)))).document
    assert "form" not in no_fields
    assert "files" not in converted(record(body=RequestBody("form", size=1, fields=(("a", ""),)))).document


def test_another_body_is_compared_as_text() -> None:
    for body in (
        RequestBody("other", "text/plain", 9, b"\xff{"),
        RequestBody("json", size=9, raw=b"\xff{", problem="Expecting value"),
        RequestBody("multipart", size=9, raw=b"\xff{", problem="no boundary"),
    ):
        document = converted(record(body=body)).document
        assert (document["content"], document["size"]) == ("\\xff{", 9)


def test_of_a_read_neither_the_key_nor_the_requested_fields_are_compared() -> None:
    read = converted(record("GET", query="fields=status&b=2&a=&a=1", key="k"))

    assert read.document == {"request": "GET /v2/media", "query": ["a=", "a=1", "b=2"]}
    assert read.is_read
    assert read.status == 200
    assert converted(record(query="fields=status")).document["query"] == ["fields=status"]
    assert converted(record(key="secret")).document["key"] not in ("none", "secret")


def test_an_operation_that_no_spec_has_is_method_and_path() -> None:
    request = record()
    request.operation = ""

    assert converted(request).operation == "POST /v2/media"


def test_references_are_the_ids_in_it() -> None:
    one = converted(record(body=as_json({"url": f"https://files/{ID}.png", "other": "0f8fad5b"})))

    assert one.references == (ID,)


@pytest.mark.parametrize("text", ["", "{", "[]", "17", '["GET", "/", 5]', '["GET", "/", [1]]'])
def test_a_header_that_is_not_ours_names_nothing(text: str) -> None:
    assert call_of(record(header=text)) == ProgramCall()


def test_a_call_shows_its_innermost_and_its_outermost_line() -> None:
    header = json.dumps(["POST", "/media", [["api.py", 3], ["jobs.py", 7], ["main.py", 5]]])
    call = call_of(record(header=header))

    assert call == ProgramCall("POST", "/media", (("api.py", 3), ("jobs.py", 7), ("main.py", 5)))
    assert call.line == "api.py:3, from main.py:5"
    assert ProgramCall("POST", "/", (("a.py", 1),)).line == "a.py:1"
    assert ProgramCall().line == ""
