"""Run a program in this process against an emulator: through the shim as it is, or directly after its migration.

Nothing of a program's run stays: not its modules, working directory, arguments, environment or log handlers. Sleeps
end at once, and are counted: a loop that does not end is an error, not a test that hangs.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import runpy
import sys
import threading
import time
import traceback
import urllib.request
import urllib.response
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, cast
from unittest import mock
from urllib.parse import urlsplit

import httpx
import requests
import vimmerse.compat
from vimmerse.compat import V1DeprecationWarning
from vimmerse.emulator import Emulator
from vimmerse.emulator.records import RecordedRequest

HOST = "api.vimmerse.net"
KEY = "a-key-of-the-tests"
MOST_SLEEPS = 60


class EndlessLoopError(BaseException):
    """A program slept more often than any program here needs to."""


@dataclass(frozen=True)
class Request:
    """A request in the form that is compared. ``body``: its JSON, its form, or nothing."""

    method: str
    path: str
    body: object = None
    uploads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """What a program did.

    ``changes``: the requests that are not reads, in order. ``reads``: the paths that it read.
    ``output``: its standard output. ``exit``: its exit status. ``error``: its standard error and traceback.
    ``key_sent_elsewhere``: the API key reached the origin of the results.
    """

    changes: tuple[Request, ...]
    reads: frozenset[str]
    output: str
    exit: object
    error: str
    key_sent_elsewhere: bool


def recorded(request: RecordedRequest) -> Request:
    """A recorded request in the form that is compared; an empty body and ``{}`` are the same."""
    uploads = tuple(upload.sha256 for upload in request.uploads)
    body = request.json if request.json is not None else [list(field) for field in request.form]
    return Request(request.method, request.path, body or None, uploads)


def run(
    directory: Path,
    arguments: Sequence[str],
    emulator: Emulator,
    *,
    shim: bool,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a program in a directory, with ``arguments[0]`` as its file, and return what it did."""
    before, files_before = len(emulator.requests), len(emulator.file_requests)
    output, error = io.StringIO(), io.StringIO()
    status: object = 0
    with _isolated(directory, arguments, environment or {}), contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(output))
        stack.enter_context(contextlib.redirect_stderr(error))
        stack.enter_context(_short_sleeps())
        stack.enter_context(_urllib_through_requests())
        stack.enter_context(_through_the_shim(emulator) if shim else _directly(emulator))
        try:
            runpy.run_path(str(directory / arguments[0]), run_name="__main__")
        except SystemExit as end:
            status = end.code or 0
            if not isinstance(status, int):
                print(status, file=error)
                status = 1
        except (Exception, EndlessLoopError):
            status = 1
            traceback.print_exc(file=error)
    seen = [recorded(request) for request in emulator.requests[before:]]
    return Run(
        changes=tuple(one for one in seen if one.method != "GET"),
        reads=frozenset(one.path for one in seen if one.method == "GET"),
        output=output.getvalue(),
        exit=status,
        error=error.getvalue(),
        key_sent_elsewhere=any(one.header("x-api-key") for one in emulator.file_requests[files_before:]),
    )


@contextlib.contextmanager
def _isolated(directory: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    handlers, level, modules = logging.root.handlers[:], logging.root.level, set(sys.modules)
    levels = {name: logging.getLogger(name).level for name in list(logging.root.manager.loggerDict)}
    logging.root.handlers = []
    try:
        with (
            contextlib.chdir(directory),
            mock.patch.object(sys, "argv", list(arguments)),
            mock.patch.object(sys, "path", [str(directory), *sys.path]),
            mock.patch.object(sys, "dont_write_bytecode", True),
            mock.patch.dict(os.environ, {"VIMMERSE_API_KEY": KEY, **environment}),
        ):
            yield
    finally:
        logging.root.handlers, logging.root.level = handlers, level
        for name in list(logging.root.manager.loggerDict):
            logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(directory)):
                del sys.modules[name]


@contextlib.contextmanager
def _short_sleeps() -> Iterator[None]:
    program, sleeps = threading.current_thread(), 0
    pause, pause_async = time.sleep, asyncio.sleep

    def count() -> bool:
        nonlocal sleeps
        if threading.current_thread() is not program:  # the emulator's
            return False
        sleeps += 1
        if sleeps > MOST_SLEEPS:
            raise EndlessLoopError(f"more than {MOST_SLEEPS} sleeps")
        return True

    def sleep(seconds: float) -> None:
        pause(0 if count() else seconds)

    async def sleep_async(delay: float, result: Any = None) -> Any:
        return await pause_async(0 if count() else delay, result)

    with mock.patch.object(time, "sleep", sleep), mock.patch.object(asyncio, "sleep", sleep_async):
        yield


@contextlib.contextmanager
def _through_the_shim(emulator: Emulator) -> Iterator[None]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("ignore", V1DeprecationWarning)
        with vimmerse.compat.install(base_url=emulator.base_url, api_key=KEY):
            yield


@contextlib.contextmanager
def _directly(emulator: Emulator) -> Iterator[None]:
    """Requests to the service's host go to the emulator instead, and are not changed otherwise."""
    target = urlsplit(emulator.base_url)
    send = requests.adapters.HTTPAdapter.send
    handle, handle_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def redirected(request: httpx.Request) -> httpx.Request:
        if request.url.host == HOST:
            request.url = request.url.copy_with(scheme="http", host=target.hostname, port=target.port)
        return request

    def send_redirected(self: Any, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> Any:
        url = urlsplit(str(request.url))
        if url.hostname == HOST:
            request.url = url._replace(scheme="http", netloc=target.netloc).geturl()
        return send(self, request, *arguments, **options)

    def handle_redirected(self: Any, request: httpx.Request) -> httpx.Response:
        return handle(self, redirected(request))

    async def handle_redirected_async(self: Any, request: httpx.Request) -> httpx.Response:
        return await handle_async(self, redirected(request))

    with (
        mock.patch.object(requests.adapters.HTTPAdapter, "send", send_redirected),
        mock.patch.object(httpx.HTTPTransport, "handle_request", handle_redirected),
        mock.patch.object(httpx.AsyncHTTPTransport, "handle_async_request", handle_redirected_async),
    ):
        yield


@contextlib.contextmanager
def _urllib_through_requests() -> Iterator[None]:
    """``urllib.request`` sends by requests, which the shim and the redirection know."""

    def open_by_requests(self: object, request: urllib.request.Request) -> Any:
        response = requests.request(
            request.get_method(),
            request.full_url,
            data=cast("bytes | None", request.data),
            headers=dict(request.header_items()),
            timeout=10,
        )
        headers = Message()
        for name, value in response.headers.items():
            headers[name] = value
        answer = urllib.response.addinfourl(io.BytesIO(response.content), headers, request.full_url)
        answer.code = response.status_code
        setattr(answer, "msg", response.reason)  # noqa: B010  # what urllib's own handlers read
        return answer

    with mock.patch.object(urllib.request.HTTPSHandler, "https_open", open_by_requests):
        yield


def notebook_code(text: str) -> str:
    """The code cells of a notebook as one program; lines for IPython are left out."""
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    lines = "\n".join("".join(cell["source"]) for cell in cells).splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("%", "!")))


Works = Callable[[Emulator], str]


def created(emulator: Emulator, path: str, body: Mapping[str, object]) -> str:
    """Create a finished story or media on v2, for a program to work on. Returns its id."""
    url, headers = f"{emulator.base_url}/v2{path}", {"X-Api-Key": KEY}
    response = requests.post(url, json=body, headers=headers, timeout=10)
    assert response.status_code == 200, response.text
    identifier: str = response.json()["id"]
    kind = "media" if path.startswith("/media") else "story"
    for _ in range(2):
        requests.get(f"{emulator.base_url}/v2/{kind}/{identifier}", headers=headers, timeout=10)
    return identifier


def _scenes(emulator: Emulator) -> str:
    identifier = WORKS["storyboard"](emulator)
    created(emulator, f"/story/{identifier}/scenes", {})
    return identifier


WORKS: Mapping[str, Works] = {
    "": lambda emulator: "",
    "media": lambda emulator: created(emulator, "/media", {"prompt": "A kite over the dunes", "title": "Kite"}),
    "story": lambda emulator: created(emulator, "/story/idea-2-video", {"idea": "A kite at sea", "scene_count": 2}),
    "storyboard": lambda emulator: created(emulator, "/story", {"idea": "A kite at sea", "scene_count": 2}),
    "scenes": _scenes,
}
