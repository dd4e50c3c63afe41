"""A loopback server that echoes requests, and small flows that replace the core's."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar, cast
from urllib.parse import unquote, urlsplit

import pytest
from requests.adapters import HTTPAdapter
from vimmerse.compat import uninstall
from vimmerse.compat.adapters import requests as requests_adapter
from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
from vimmerse.compat.adapters.requests import CompatAdapter
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import Multipart, Notice, UploadPart, V1Request, V1Response, V2Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.process import summary

V1 = "http://api.vimmerse.net"
KEY = "the-secret-key"
BLOCK = bytes(range(256)) * 256  # 64 KiB
FILE_BLOCKS = 48


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            pieces = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _respond(self) -> None:
        body = self._body()
        self.server.seen.append((self.command, self.path, list(self.headers.items()), body))
        self.server.connections.add(self.client_address)
        place = urlsplit(self.path).path
        if place.endswith("/drop"):
            self.close_connection = True
            return
        if place.endswith("/file"):
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(BLOCK) * FILE_BLOCKS))
            self.end_headers()
            for _ in range(FILE_BLOCKS):
                self.wfile.write(BLOCK)
            return
        status = int(place.rpartition("/")[2]) if "/status/" in place else 200
        request = {"method": self.command, "path": self.path, "headers": self.headers.items()}
        content = json.dumps({**request, "body": body.decode("latin-1")}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "first=1; Path=/")
        self.send_header("Set-Cookie", "second=2; Path=/")
        if status == 302:
            self.send_header("Location", "/other/landed")
        if status == 503:
            self.send_header("Retry-After", "0")
        if place.endswith("/gzip"):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _respond

    def log_message(self, format: str, *args: Any) -> None:
        """Tests print nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, str, list[tuple[str, str]], bytes]] = []
        self.connections: set[Any] = set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may disconnect in the middle of a response."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def calls(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _, _ in self.seen]


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def is_api_call(method: str, url: str, policy: Policy) -> bool:
    parts = urlsplit(url)
    hosts = ("api.vimmerse.net", urlsplit(policy.base_url).hostname)
    return parts.hostname in hosts and parts.path.startswith(("/story", "/media"))


def notice(kind: Any = "deprecated", text: str = "motion_type is now video_tool") -> Notice:
    return Notice(kind, "POST /story", "motion_type", "Auto", "video_tool", "Auto", text)


def _bytes(request: V1Request) -> bytes:
    body = request.body
    return body if isinstance(body, bytes) else b"".join(body.chunks())


def echo(request: V1Request, policy: Policy) -> Flow:
    """One v2 call with the caller's method, headers and body; the response is in ``data``."""
    response = yield V2Request(
        request.method,
        f"{policy.base_url}/v2{urlsplit(request.url).path}",
        (*request.headers, ("X-Api-Key", policy.api_key or "")),
        request.body,
        notices=(notice(),) if policy.on_warning is not None else (),
    )
    return V1Response(response.status, response.headers, b'{"data": ' + response.body + b"}")


def warned(request: V1Request, policy: Policy) -> Flow:
    """As ``echo``, with a deprecation notice."""
    response = yield V2Request("POST", f"{policy.base_url}/v2/story", request.headers, notices=(notice(),))
    return V1Response(response.status, response.headers, response.body)


def upload(request: V1Request, policy: Policy) -> Flow:
    """Uploads the body as a form file, then sends a paid PUT with the size that arrived."""
    form = Multipart((UploadPart("image_file", 'a "b".png', "image/png", request.body),))
    first = yield V2Request("POST", f"{policy.base_url}/v2/image", request.headers, form)
    size = str(len(json.loads(first.body)["body"])).encode()
    response = yield V2Request("PUT", f"{policy.base_url}/v2/media/1", request.headers, size, paid=True)
    return V1Response(response.status, response.headers, response.body)


def download(request: V1Request, policy: Policy) -> Flow:
    """Looks up a media, then returns the stream of its file."""
    yield V2Request("GET", f"{policy.base_url}/v2/media/1", request.headers)
    place = unquote(request.url.rpartition("?")[2])
    response = yield V2Request("GET", f"{policy.base_url}/{place}", request.headers, kind="file", stream=True)
    return V1Response(response.status, (*response.headers, ("X-Mine", "1")), native=response.native)


def redirected(request: V1Request, policy: Policy) -> Flow:
    """A file whose host redirects first."""
    first = yield V2Request("GET", f"{policy.base_url}/other/status/302", kind="file", stream=True)
    place = next(value for name, value in first.headers if name.lower() == "location")
    response = yield V2Request("GET", f"{policy.base_url}{place}", kind="file", stream=True)
    return V1Response(response.status, response.headers, native=response.native)


def abandoned(request: V1Request, policy: Policy) -> Flow:
    """Opens a stream and returns another response."""
    yield V2Request("GET", f"{policy.base_url}/file", stream=True, kind="file")
    return V1Response(200, (), b"{}")


def passed(request: V1Request, policy: Policy) -> Flow:
    """Forwards the call to v1 at the base URL."""
    url = f"{policy.base_url}{urlsplit(request.url).path}"
    response = yield V2Request(request.method, url, request.headers, request.body, kind="v1")
    return V1Response(response.status, response.headers, response.body)


def rejected(request: V1Request, policy: Policy) -> Flow:
    """Nothing is sent."""
    raise StrictModeError("seed is dropped", operation="POST /story", field="seed")
    yield V2Request("GET", "http://127.0.0.1/")  # makes it a generator


def paid(request: V1Request, policy: Policy) -> Flow:
    """A call that costs credits, with PUT; the path is the caller's."""
    url = f"{policy.base_url}/v2{urlsplit(request.url).path}"
    response = yield V2Request("PUT", url, request.headers, b"{}", paid=True)
    return V1Response(response.status, response.headers, response.body)


def free(request: V1Request, policy: Policy) -> Flow:
    """As ``paid``, but free."""
    url = f"{policy.base_url}/v2{urlsplit(request.url).path}"
    response = yield V2Request("PUT", url, request.headers, b"{}")
    return V1Response(response.status, response.headers, response.body)


FakeFlow = Callable[[V1Request, Policy], Flow]
Entry = TypeVar("Entry")


def begin_with(flow: FakeFlow) -> Callable[[V1Request, Policy], Flow | None]:
    """In place of ``flows.dispatch.begin``: every call to the API runs ``flow``."""

    def begin(request: V1Request, policy: Policy) -> Flow | None:
        return flow(request, policy) if is_api_call(request.method, request.url, policy) else None

    return begin


def is_installed() -> bool:
    """Whether ``install()`` is in effect in this process."""
    return hasattr(HTTPAdapter.send, "__wrapped__")


def uninstall_all() -> None:
    while is_installed():
        uninstall()
    summary.finish()


def use_flow(entry: Entry, flow: FakeFlow) -> Entry:
    """Make one transport or adapter run ``flow`` for its calls."""
    setattr(entry, "_begin", begin_with(flow))  # noqa: B010  # there is no public way to replace it
    return entry


def use_flow_everywhere(monkeypatch: pytest.MonkeyPatch, flow: FakeFlow) -> None:
    """Make all transports and adapters, including those of ``install()``, run ``flow`` for their calls."""
    for kind in (CompatTransport, AsyncCompatTransport, CompatAdapter):
        monkeypatch.setattr(kind, "_begin", staticmethod(begin_with(flow)))
    monkeypatch.setitem(cast(dict[str, Any], requests_adapter.send.__kwdefaults__), "begin", begin_with(flow))
