"""A key that must appear nowhere, traffic in which it could, and a capture of all that a process prints or logs."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import requests
from vimmerse import v1
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    Policy,
    TranslationError,
    report,
)
from vimmerse.v1.api.media import get_media as get_media_v1
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.errors import ApiError
from vimmerse.v2.models import CreateMediaRequest

CANARY = "canary-key-7b1e4a90-that-nobody-may-see"
HEADERS = {"X-Api-Key": CANARY}
#: A call whose every field is worth a word: renamed, approximated, dropped; and one that goes to v1.
LOSSY: dict[str, Any] = {"prompt": "Rain", "motion_type": "RunwayML", "camera_control": "Crane up"}
UNSUPPORTED: dict[str, Any] = {"prompt": "Rain", "motion_type": "Parallax"}
FAILURES = (ApiError, TranslationError, httpx.HTTPError, requests.RequestException)

#: What a process may say: the errors it ended with, the objects it held.
Told = list[object]


def v2_client(base_url: str) -> Told:
    with AuthenticatedClient(base_url=base_url, token=CANARY, timeout=5) as client:
        held: Told = [client, client.with_timeout(1), client.get_httpx_client()]
        held += attempted(
            lambda: create_media.sync(client=client, body=CreateMediaRequest(prompt="Rain")),
            lambda: create_media.sync_detailed(client=client, body=CreateMediaRequest(prompt="Rain")),
            lambda: get_media.sync("no-such", client=client),
        )
    return held


def v1_client(base_url: str) -> Told:
    with v1.AuthenticatedClient(
        base_url=base_url, token=CANARY, transport=CompatTransport(base_url=base_url), timeout=5
    ) as client:
        return [client, *attempted(lambda: get_media_v1.sync("no-such", client=client))]


def httpx_sync(base_url: str) -> Told:
    transport = CompatTransport(policy=Policy(base_url=base_url, api_key=CANARY))
    with httpx.Client(base_url=base_url, transport=transport, headers=HEADERS, timeout=5) as client:
        return [
            transport,
            *attempted(
                lambda: client.post("/media", data=LOSSY),
                lambda: client.post("/media", data=UNSUPPORTED),
                lambda: client.get("/media/no-such").raise_for_status(),
                lambda: client.get("/v2/nowhere"),
            ),
        ]


def httpx_async(base_url: str) -> Told:
    async def play() -> Told:
        transport = AsyncCompatTransport(policy=Policy(base_url=base_url, api_key=CANARY))
        held: Told = [transport]
        async with httpx.AsyncClient(base_url=base_url, transport=transport, headers=HEADERS, timeout=5) as client:
            for fields in (LOSSY, UNSUPPORTED):
                try:
                    held.append(await client.post("/media", data=fields))
                except FAILURES as error:
                    held.append(error)
        return held

    return asyncio.run(play())


def requests_adapter(base_url: str) -> Told:
    adapter = CompatAdapter(policy=Policy(base_url=base_url, api_key=CANARY))
    with requests.Session() as session:
        session.mount(base_url, adapter)
        session.headers.update(HEADERS)
        return [
            adapter,
            *attempted(
                lambda: session.post(f"{base_url}/media", data=LOSSY, timeout=5),
                lambda: session.post(f"{base_url}/media", data=UNSUPPORTED, timeout=5),
                lambda: session.get(f"{base_url}/media/no-such", timeout=5).raise_for_status(),
            ),
        ]


def compat_client(base_url: str) -> Told:
    with CompatClient(CANARY, base_url=base_url, timeout=5) as client:
        return [
            client,
            *attempted(
                lambda: client.create_media(**LOSSY),
                lambda: client.create_media(**UNSUPPORTED),
                lambda: client.get_media("no-such"),
            ),
        ]


def compat_client_async(base_url: str) -> Told:
    async def play() -> Told:
        async with AsyncCompatClient(CANARY, base_url=base_url, timeout=5) as client:
            held: Told = [client]
            try:
                held.append(await client.create_media(**LOSSY))
                held.append(await client.get_media("no-such"))
            except FAILURES as error:
                held.append(error)
        return held

    return asyncio.run(play())


ENTRY_POINTS: Mapping[str, Callable[[str], Told]] = {
    "v2 client": v2_client,
    "v1 client": v1_client,
    "httpx": httpx_sync,
    "httpx, async": httpx_async,
    "requests": requests_adapter,
    "CompatClient": compat_client,
    "AsyncCompatClient": compat_client_async,
}


def attempted(*calls: Callable[[], object]) -> Told:
    """What each call gave, or the exception that it ended with."""
    result: Told = []
    for call in calls:
        try:
            result.append(call())
        except FAILURES as error:
            result.append(error)
    return result


def shown(item: object) -> str:
    """All that a person sees of an object: what prints it, and the traceback of an error."""
    text = f"{item!r} {item} {getattr(item, 'vimmerse', '')!r}"
    return text + "".join(traceback.format_exception(item)) if isinstance(item, BaseException) else text


@contextmanager
def everything_said() -> Iterator[list[str]]:
    """Every log record of every library at DEBUG, every warning, and the report of all calls, as text."""
    reported: list[str] = []
    report()  # from here on

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            reported.append(f"{record.name} {record.getMessage()} {vars(record)!r}")

    ear, root = Ear(), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in list(logging.root.manager.loggerDict)}
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield reported
        finally:
            root.removeHandler(ear)
            root.setLevel(before)
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            reported.extend(f"{each.message} {each.filename}" for each in caught)
            reported.extend([f"{report()}{report()!r}", report().to_html(), json.dumps(report().to_dict())])
