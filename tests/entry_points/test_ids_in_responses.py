"""The ids in invalid responses to paid calls are still named."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from vimmerse.compat import AsyncCompatTransport, CompatAdapter, CompatClient, CompatTransport, Policy, TranslationError
from vimmerse.compat.gateway.access_log import job_ids
from vimmerse.compat.gateway.app import create_app
from vimmerse.compat.runtime.job_ids import ids_in

BASE = "http://api.example"
KEY = "the-key-of-answers"
JSON = {"Content-Type": "application/json"}
POLICY = Policy(base_url=BASE, api_key=KEY, on_warning=lambda notice: None)


class Server(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=JSON, content=self._body)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


class Adapter(HTTPAdapter):
    body = b""

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.raw, response.request = 200, io.BytesIO(self.body), request
        response.headers.update(JSON)
        return response


def by_httpx(body: bytes) -> str:
    with httpx.Client(transport=CompatTransport(Server(body), POLICY)) as client:
        client.post(f"{BASE}/media", json={"prompt": "Rain"})
    return ""


def by_async_httpx(body: bytes) -> str:
    async def main() -> None:
        async with httpx.AsyncClient(transport=AsyncCompatTransport(Server(body), POLICY)) as client:
            await client.post(f"{BASE}/media", json={"prompt": "Rain"})

    asyncio.run(main())
    return ""


def by_requests(body: bytes) -> str:
    wrapped = Adapter()
    wrapped.body = body
    with requests.Session() as session:
        session.mount("http://", CompatAdapter(wrapped=wrapped, policy=POLICY))
        session.post(f"{BASE}/media", json={"prompt": "Rain"})
    return ""


def by_client(body: bytes) -> str:
    CompatClient(policy=POLICY, transport=Server(body)).create_media(prompt="Rain")
    return ""


def by_gateway(body: bytes) -> str:
    async def main() -> str:
        through = httpx.ASGITransport(create_app(POLICY, transport=Server(body)))
        async with httpx.AsyncClient(transport=through, base_url="http://127.0.0.1") as client:
            response = await client.post("/media", json={"prompt": "Rain"}, headers={"X-Api-Key": KEY})
        assert response.status_code == 502
        return response.text

    return asyncio.run(main())


RESPONSES = {
    "a number": b'{"id": 4711}',
    "wrapped": b'{"data": {"data": {"id": "4711"}}}',
    "wrapped two hundred times": b'{"data":' * 200 + b'{"id": "4711"}' + b"}" * 200,
    "in a list": b'[{"id": "4711"}]',
    "in a wrapped list": b'{"data": [{"id": "1"}, {"id": "4711"}]}',
    "under another name": b'{"media_id": "4711"}',
    "under a batch's": b'{"data": {"batch_id": "4711"}}',
    "cut off": b'{"title": "x", "id" : "4711", "prompt": "Ra',
    "a number, cut off": b'{"id":4711,"pro',
    "in another charset": b'{"id": "4711", "title": "caf\xe9"}',
    "beside NaN and more": b'{"id": "4711", "used_credits": NaN} {}',
    "beside 5,000 digits": b'{"id": "4711", "used_credits": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", RESPONSES.values(), ids=list(RESPONSES))
@pytest.mark.parametrize("call", [by_httpx, by_async_httpx, by_requests, by_client, by_gateway])
def test_the_id_is_named(call: Callable[[bytes], str], body: bytes) -> None:
    try:
        text = call(body)
    except TranslationError as error:
        text = " ".join((*error.job_ids, *error.__notes__))
    assert "4711" in text
    assert "4711" in job_ids(body)[-1]  # what the gateway logs


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b"", []),
        (b"null", []),
        (b'{"id": true}', []),
        (b'{"id": ""}', []),
        (b'{"id": ["x"]}', []),
        (b"<html>", []),
        (b'{"data": [' + b'{"id": "1"},' * 150 + b"{}]}", ["1"]),
        (b"[%s]" % b",".join(b'{"id": %d}' % number for number in range(150)), [str(one) for one in range(100)]),
        (b'{"id": ' + b"7" * 5000 + b"}", []),
    ],
)
def test_what_is_an_id_and_what_is_none(body: bytes, ids: list[str]) -> None:
    assert ids_in(body) == ids


def test_a_result_keeps_the_servers_value_even_if_it_equals_the_key() -> None:
    body = f'{{"id": "{KEY}-1", "title": "the-key-of-answers", "processing_status": "new"}}'.encode()
    media = CompatClient(policy=POLICY, transport=Server(body)).create_media(prompt="Rain")
    assert (media.id, media.title) == (f"{KEY}-1", KEY)
