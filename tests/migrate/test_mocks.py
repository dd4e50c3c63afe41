"""Mocked v1 calls: the address and the answer become v2's; what can't be followed is for a person to look at."""

# ruff: noqa: E501  # programs are not wrapped

from __future__ import annotations

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

ROOT = "https://api.vimmerse.net"

#: A mock, its state, and a part of what it becomes.
MOCKS = {
    "an answer": (
        'responses.post(f"{ROOT}/media", json={"data": {"id": "m"}})',
        "rewritten",
        '"{ROOT}/v2/media", json={"id": "m"}',
    ),
    "an error": (
        'responses.add(responses.POST, f"{ROOT}/media", json={"message": "INSUFFICIENT_CREDIT"}, status=402)',
        "rewritten",
        'json={"message": "INSUFFICIENT_CREDIT", "code": "INSUFFICIENT_CREDIT"}, status=402',
    ),
    "an exception": (
        'responses.get(f"{ROOT}/media/m", body=RuntimeError("x"))',
        "rewritten",
        '"{ROOT}/v2/media/m", body=RuntimeError("x")',
    ),
    "a nested answer": (
        'responses.get(f"{ROOT}/media/m", json={"data": {"data": {"id": "m", "result": [{"url": "u"}]}}})',
        "rewritten",
        'json={"id": "m", "result": ["u"]}',
    ),
    "several answers": (
        'requests_mock.get(f"{ROOT}/media/m/processing-status", [{"json": {"data": {"processing_status": "fail"}}}, {}])',
        "rewritten",
        '/v2/media/m?fields=processing_status", [{"json": {"processing_status": "failed"}}, {}]',
    ),
    "JSON text": (
        'requests_mock.get(f"{ROOT}/story/s", text=json.dumps({"data": {"id": "s", "status": "fail"}}))',
        "rewritten",
        'text=json.dumps({"id": "s", "status": "failed"})',
    ),
    "several answers of respx": (
        'respx.post(f"{ROOT}/media").mock(side_effect=[Response(500), Response(200, json={"data": {"id": "m"}})])',
        "rewritten",
        'side_effect=[Response(500), Response(200, json={"id": "m"})]',
    ),
    "another body": (
        'responses.get(f"{ROOT}/media/m", json={"ok": True})',
        "rewritten",
        'json={"ok": True}',
    ),
    "a matcher": (
        'responses.post(f"{ROOT}/media", json={"data": {"id": "m"}}, match=[json_params_matcher({"prompt": "p"})])',
        "needs review",
        'json={"id": "m"}, match=[json_params_matcher({"prompt": "p"})]',
    ),
    "a body that respx expects": (
        'respx.post(f"{ROOT}/media", json={"data": {}}).mock(Response(200, json={"data": {"id": "m"}}))',
        "needs review",
        'json={"data": {}}).mock(Response(200, json={"id": "m"}))',
    ),
    "bytes that are expected": (
        'httpx_mock.add_response(url=f"{ROOT}/media", method="POST", match_content=b"prompt=p")',
        "needs review",
        '/v2/media", method="POST", match_content=b"prompt=p"',
    ),
    "a callback": (
        'httpx_mock.add_callback(lambda request: None, url=f"{ROOT}/media", method="POST")',
        "needs review",
        '/v2/media", method="POST")',
    ),
    "an answer of a function": (
        'responses.get(f"{ROOT}/media/m", json=unheard_of())',
        "needs review",
        "/v2/media/m",
    ),
    "an answer by keywords": (
        'responses.get(f"{ROOT}/media/m", json=dict(data={"id": "m"}))',
        "needs review",
        'json=dict(data={"id": "m"})',
    ),
    "an unknown status": (
        'responses.get(f"{ROOT}/media/m", json={"data": {"processing_status": input()}})',
        "needs review",
        'json={"processing_status": input()}',
    ),
    "an unknown method": (
        'httpx_mock.add_response(url=f"{ROOT}/media/m", json={"data": {"id": "m"}})',
        "left",
        '"{ROOT}/media/m", json={"data": {"id": "m"}}',
    ),
    "what v2 has not": (
        'responses.post(f"{ROOT}/workflow", json={"data": {}})',
        "left",
        '"{ROOT}/workflow", json={"data": {}}',
    ),
    "bytes of a download": (
        'responses.get(f"{ROOT}/media/m/download", body=b"bytes")',
        "left",
        '"{ROOT}/media/m/download"',
    ),
}


@pytest.mark.parametrize("name", MOCKS)
def test_a_mock(name: str) -> None:
    mock, state, after = MOCKS[name]
    code = f'import json, responses, respx\nfrom httpx import Response\nROOT = "{ROOT}"\n\ndef test(requests_mock, httpx_mock):\n    {mock}\n'

    result = rewrite({"test_it.py": code})

    assert after in result.sources.get("test_it.py", code)
    assert [(place.kind, place.state) for place in result.places] == [("mock", state)]
    assert rewrite({"test_it.py": result.sources.get("test_it.py", code)}).sources == {}


def test_a_mock_of_a_call_that_is_left_stays() -> None:
    mock = f'responses.post("{ROOT}/media", json={{"data": {{"id": "m"}}}})\n'
    code = f'import responses, requests\n{mock}requests.post("{ROOT}/media", data=unheard_of())\n'

    result = rewrite({"test_it.py": code})

    assert mock in result.sources["test_it.py"]
    assert {place.state for place in result.places} == {"left"}


ANY_METHOD = 'def test(httpx_mock):\n    httpx_mock.add_response(url="https://api.vimmerse.net/media/m", json={"data": {"id": "m"}})\n'


def test_a_mock_without_a_method_is_one_of_what_the_program_calls() -> None:
    program = f'import httpx\nHEADERS = {{}}\nhttpx.get("{ROOT}/media/m", headers=HEADERS)\n'

    result = rewrite({"program.py": program, "test_it.py": ANY_METHOD})

    assert 'url="https://api.vimmerse.net/v2/media/m", json={"id": "m"}' in result.sources["test_it.py"]
    assert {place.state for place in result.places} == {"rewritten"}


def test_a_mock_without_a_method_of_two_calls_is_left() -> None:
    program = f'import httpx\nhttpx.get("{ROOT}/media/m")\nhttpx.put("{ROOT}/media/m", data={{"title": "T"}})\n'

    result = rewrite({"program.py": program, "test_it.py": ANY_METHOD})

    assert [place.state for place in result.places if place.kind == "mock"] == ["left"]


def test_a_test_that_reads_a_body_concerns_the_mocks_of_calls_that_have_one() -> None:
    fixtures = (
        "import pytest\n@pytest.fixture\ndef api(requests_mock):\n"
        f'    requests_mock.get("{ROOT}/media/m", json={{"data": {{"id": "m"}}}})\n'
        f'    requests_mock.post("{ROOT}/media", json={{"data": {{"id": "m"}}}})\n'
        "    return requests_mock\n"
    )
    test = 'def test_it(api):\n    assert "prompt=p" in api.last_request.text\n'

    result = rewrite({"conftest.py": fixtures, "test_it.py": test, "app.py": "print(app.last_request.text)\n"})

    states = {place.operation: place.state for place in result.places}
    assert states == {"GET /media/{media_id}": "rewritten", "POST /media": "needs review"}


def test_calls_that_tests_mock_keep_their_http_library() -> None:
    program = (
        f'import requests\nH = {{"X-Api-Key": "k"}}\nURL = "{ROOT}/media"\n'
        'print(requests.post(URL, headers=H, data={"prompt": "p"}).json()["data"]["id"])\n'
        'print(requests.get(f"{URL}/{input()}", headers=H).json()["data"]["id"])\n'
    )
    test = f'import responses\nresponses.post("{ROOT}/media", json={{"data": {{"id": "m"}}}})\n'

    result = rewrite({"program.py": program, "test_it.py": test}, target="typed")

    assert 'requests.post(URL, headers=H, json={"prompt": "p"}).json()["id"]' in result.sources["program.py"]
    assert "vimmerse_client.media.get(input()).id" in result.sources["program.py"]
