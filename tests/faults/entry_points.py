"""Every entry point of the library, reduced to one question: how does this call end?

An outcome is one line of text: ``ok``; the status and v1 code of the response, ``429 RATE_LIMITED``; or the exception's
class, with its status.
"""

from __future__ import annotations

import asyncio
import io
import os
import ssl
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import httpx
import requests
from vimmerse.cli import main
from vimmerse.compat import (
    AsyncCompatClient,
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    Policy,
)
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.process.runner import run_script
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.errors import ApiError
from vimmerse.v2.models import CreateMediaRequest, Media, PartialMedia

from tests.entry_points.fakes import uninstall_all
from tests.faults.faults import LIMIT, TIMEOUT
from tests.gateway.serving import serving

KEY = "key-of-the-fault-matrix-0123456789"
HEADERS = {"X-Api-Key": KEY}
FORM: dict[str, Any] = {"prompt": "Rain", "motion_type": "KlingAI"}
EntryPoint = Callable[[str, str, str], str]
TLS = ssl.create_default_context()  # one for all: making it takes longer than most calls here


@dataclass
class Seen:
    """Details of the last call: its exception or its response."""

    error: BaseException | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


last = Seen()


def error_outcome(error: BaseException) -> str:
    """Return the outcome for an exception."""
    last.error = error
    last.headers = getattr(error, "headers", {})
    name = f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
    if isinstance(error, ApiError | TranslationError):
        name = f"{type(error).__name__} {error.status}"
    return name


def response_outcome(response: httpx.Response | requests.Response) -> str:
    """Return the outcome for a response."""
    status, body = response.status_code, response.json()
    last.body, last.headers = body, response.headers
    return "ok" if 200 <= status < 300 and isinstance(body["data"]["id"], str) else f"{status} {body['message']}"


def v2(base_url: str, call: str, id: str) -> str:
    """The generated client of v2, sync."""
    response: Media | PartialMedia
    with AuthenticatedClient(base_url=base_url, token=KEY, timeout=TIMEOUT, verify_ssl=TLS) as client:
        try:
            if call == "paid":
                response = create_media.sync(client=client, body=CreateMediaRequest(prompt="Rain"))
            else:
                response = get_media.sync(id, client=client)
        except (ApiError, httpx.HTTPError) as error:
            return error_outcome(error)
    return "ok" if isinstance(response.id, str) else "no id"


def v2_async(base_url: str, call: str, id: str) -> str:
    """The generated client of v2, async."""

    async def play() -> str:
        response: Media | PartialMedia
        async with AuthenticatedClient(base_url=base_url, token=KEY, timeout=TIMEOUT, verify_ssl=TLS) as client:
            try:
                if call == "paid":
                    response = await create_media.asyncio(client=client, body=CreateMediaRequest(prompt="Rain"))
                else:
                    response = await get_media.asyncio(id, client=client)
            except (ApiError, httpx.HTTPError) as error:
                return error_outcome(error)
        return "ok" if isinstance(response.id, str) else "no id"

    return asyncio.run(play())


def httpx_sync(base_url: str, call: str, id: str) -> str:
    """v1 code on httpx over :class:`CompatTransport`."""
    transport = CompatTransport(httpx.HTTPTransport(verify=TLS), Policy(base_url=base_url))
    with httpx.Client(base_url=base_url, transport=transport, timeout=TIMEOUT, headers=HEADERS) as client:
        try:
            response = client.post("/media", data=FORM) if call == "paid" else client.get(f"/media/{id}")
        except httpx.HTTPError as error:
            return error_outcome(error)
    return response_outcome(response)


def httpx_async(base_url: str, call: str, id: str) -> str:
    """v1 code on httpx over :class:`AsyncCompatTransport`."""

    async def play() -> str:
        transport = AsyncCompatTransport(httpx.AsyncHTTPTransport(verify=TLS), Policy(base_url=base_url))
        async with httpx.AsyncClient(
            base_url=base_url, transport=transport, timeout=TIMEOUT, headers=HEADERS
        ) as client:
            try:
                response = await (client.post("/media", data=FORM) if call == "paid" else client.get(f"/media/{id}"))
            except httpx.HTTPError as error:
                return error_outcome(error)
        return response_outcome(response)

    return asyncio.run(play())


def requests_adapter(base_url: str, call: str, id: str) -> str:
    """v1 code on requests with a :class:`CompatAdapter`."""
    with requests.Session() as session:
        session.mount(base_url, CompatAdapter(policy=Policy(base_url=base_url)))
        session.headers.update(HEADERS)
        try:
            if call == "paid":
                response = session.post(f"{base_url}/media", data=FORM, timeout=TIMEOUT)
            else:
                response = session.get(f"{base_url}/media/{id}", timeout=TIMEOUT)
        except requests.RequestException as error:
            return error_outcome(error)
    return response_outcome(response)


def gateway(base_url: str, call: str, id: str) -> str:
    """A v1 program whose base URL is the gateway."""
    running = gateways.get(base_url)
    with (
        nullcontext(running) if running is not None else through_gateway(base_url) as url,
        httpx.Client(base_url=url, headers=HEADERS, timeout=20) as client,
    ):
        response = client.post("/media", data=FORM) if call == "paid" else client.get(f"/media/{id}")
    return response_outcome(response)


#: Those that run already, by the base URL of the API behind them: starting one takes a fifth of a second.
gateways: dict[str, str] = {}


@contextmanager
def through_gateway(base_url: str) -> Iterator[str]:
    config = GatewayConfig(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, max_answer=LIMIT)
    with serving(Policy(base_url=base_url), config) as running:
        yield running.base_url


def compat_client(base_url: str, call: str, id: str) -> str:
    """:class:`CompatClient`."""
    with (
        httpx.Client(verify=TLS, timeout=TIMEOUT) as http,
        CompatClient(KEY, base_url=base_url, client=http) as client,
    ):
        try:
            response = client.create_media(**FORM) if call == "paid" else client.get_media(id)
        except (ApiError, TranslationError, httpx.HTTPError) as error:
            return error_outcome(error)
    return "ok" if isinstance(response.id, str) else "no id"


def compat_client_async(base_url: str, call: str, id: str) -> str:
    """:class:`AsyncCompatClient`."""

    async def play() -> str:
        async with (
            httpx.AsyncClient(verify=TLS, timeout=TIMEOUT) as http,
            AsyncCompatClient(KEY, base_url=base_url, client=http) as client,
        ):
            try:
                response = await (client.create_media(**FORM) if call == "paid" else client.get_media(id))
            except (ApiError, TranslationError, httpx.HTTPError) as error:
                return error_outcome(error)
        return "ok" if isinstance(response.id, str) else "no id"

    return asyncio.run(play())


PROGRAM = """
import os
import requests

base, id = os.environ["VIMMERSE_BASE_URL"], os.environ["MATRIX_ID"]
headers = {"X-Api-Key": os.environ["MATRIX_KEY"]}
if os.environ["MATRIX_CALL"] == "paid":
    response = requests.post(base + "/media", data={"prompt": "Rain"}, headers=headers, timeout=0.3)
else:
    response = requests.get(f"{base}/media/{id}", headers=headers, timeout=0.3)
response.raise_for_status()
if response.is_redirect:
    raise SystemExit("redirected")
response.json()["data"]["id"]
"""


def command_line(base_url: str, call: str, id: str) -> str:
    """``vimmerse media create`` and ``vimmerse media get``: the status that the shell sees."""
    command = ["create", "--prompt", "Rain", "--yes"] if call == "paid" else ["get", id]
    stderr = io.StringIO()
    with (
        mock.patch.dict(os.environ, {"VIMMERSE_API_KEY": KEY}),
        redirect_stdout(io.StringIO()) as stdout,
        redirect_stderr(stderr),
    ):
        status = main(["media", *command, "--base-url", base_url, "--timeout", str(TIMEOUT), "--json"])
    last.text = stderr.getvalue()
    assert KEY not in stderr.getvalue() + stdout.getvalue()
    return f"exit {status}"


def vimmerse_run(base_url: str, call: str, id: str) -> str:
    """A v1 program that does not know of us, under ``vimmerse run``: the status that its shell sees."""
    environment = {"VIMMERSE_BASE_URL": base_url, "MATRIX_ID": id, "MATRIX_CALL": call, "MATRIX_KEY": KEY}
    with mock.patch.dict(os.environ, environment), own_process(), redirect_stderr(io.StringIO()) as stderr:
        status = run_script(["--quiet", "-c", PROGRAM])
    assert KEY not in stderr.getvalue()
    return f"exit {status}"


@contextmanager
def own_process() -> Iterator[None]:
    """What a run changes for good in its process is undone."""
    with (
        mock.patch.object(sys, "argv", list(sys.argv)),
        mock.patch.object(sys, "path", list(sys.path)),
        mock.patch.dict(sys.modules, {"__main__": sys.modules["__main__"]}),
        warnings.catch_warnings(),
    ):
        try:
            yield
        finally:
            uninstall_all()


ENTRY_POINTS: Mapping[str, EntryPoint] = {
    "v2 client": v2,
    "v2 client, async": v2_async,
    "httpx": httpx_sync,
    "httpx, async": httpx_async,
    "requests": requests_adapter,
    "gateway": gateway,
    "CompatClient": compat_client,
    "AsyncCompatClient": compat_client_async,
    "command line": command_line,
    "vimmerse run": vimmerse_run,
}
