"""What may come in, and how it is read.

Laws:

* The caller picks a path below the base URL, never a host: the target must begin with a slash.
* A body has one length. ``Content-Length`` beside ``Transfer-Encoding`` is how requests are smuggled.
* The gateway's token ends here; the caller's own ``Authorization`` goes on.
* Without a token, a web page that the owner happens to look at must not spend his credits.
* Every wait for the caller has a limit, and every body a size.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from urllib.parse import quote, unquote_to_bytes, urlsplit

import httpx
from starlette.types import Receive, Scope
from vimmerse.compat.adapters._bodies import MEMORY_LIMIT, BodyWriter
from vimmerse.compat.core.forms import EarlyReader, Limits
from vimmerse.compat.core.messages import Body
from vimmerse.compat.core.messages import Pairs as HeaderPairs
from vimmerse.compat.gateway.access import Record
from vimmerse.compat.gateway.config import TOKEN, GatewayConfig, is_loopback
from vimmerse.compat.gateway.replies import Pairs, Refused, end_to_end
from vimmerse.compat.gateway.watchdog import Watchdog

TOKEN_HEADER = b"x-gateway-token"
_NOT_IN_TARGET = re.compile(rb"[^!\"$-~]")  # uvicorn refuses most of these itself; other servers may not
_LINGER = 2.0  # seconds


class Gone(Exception):
    """The caller has closed the connection before the request was complete."""


def target(scope: Scope, prefix: str = "") -> bytes:
    """The raw path and query, below the place where the app is mounted. ``prefix`` is the base URL's own path.

    Raises :class:`Refused`.
    """
    # Some servers leave the query on the raw path.
    path: bytes = (scope.get("raw_path") or quote(scope["path"]).encode()).partition(b"?")[0]
    root = str(scope.get("root_path") or "").encode()
    if root and path.startswith(root + b"/"):
        path = path[len(root) :]
    if not path.startswith(b"/"):
        raise Refused(
            400,
            "BAD_REQUEST_TARGET",
            "The request's target is no path. The gateway stands for the API's base URL; it is no forward proxy.",
        )
    query: bytes = scope["query_string"]
    if _NOT_IN_TARGET.search(path + query):
        raise Refused(400, "BAD_REQUEST_TARGET", "The request's target has a character that must be sent as %XX.")
    if prefix and b".." in unquote_to_bytes(path).replace(b"\\", b"/").split(b"/"):
        raise Refused(400, "BAD_REQUEST_TARGET", "The request's path leaves the base URL with '..'.")
    return path + b"?" + query if query else path


def headers(scope: Scope, size: int, config: GatewayConfig) -> Pairs:
    """The caller's headers that may go on; ``size`` is that of the target. Raises :class:`Refused`."""
    pairs: Pairs = [(bytes(name), bytes(value)) for name, value in scope["headers"]]
    if size + sum(len(name) + len(value) + 4 for name, value in pairs) > config.max_header:
        raise Refused(431, "HEADERS_TOO_LARGE", f"Request line and headers have more than {config.max_header} bytes.")
    names = {name.lower() for name, _ in pairs}
    if b"content-length" in names and b"transfer-encoding" in names:
        raise Refused(400, "AMBIGUOUS_BODY", "The request has both Content-Length and Transfer-Encoding.")
    if config.token is not None:
        return _without_token(pairs, config.token.encode())
    if config.supply_key == "always":
        _check_local(scope, pairs)
    return [pair for pair in end_to_end(pairs) if pair[0].lower() != TOKEN_HEADER]


def _without_token(pairs: Pairs, token: bytes) -> Pairs:
    allowed = False
    kept: Pairs = []
    for name, value in pairs:
        name_ = name.lower()
        if name_ == TOKEN_HEADER:
            allowed |= hmac.compare_digest(value.strip(), token)
            continue
        if name_ == b"authorization":
            scheme, _, given = value.strip().partition(b" ")
            if scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), token):
                allowed = True
                continue
        kept.append((name, value))
    if not allowed:
        raise Refused(
            401,
            "GATEWAY_TOKEN_REQUIRED",
            "This gateway needs its token, as X-Gateway-Token or as Authorization: Bearer.",
            [("WWW-Authenticate", "Bearer")],
        )
    return end_to_end(kept)


def _check_local(scope: Scope, pairs: Pairs) -> None:
    places = [str(scope["server"][0])] if scope.get("server") else []
    cross_site = False
    for name, value in pairs:
        match name.lower():
            case b"host":
                places.append(_host(f"//{value.decode('latin-1')}"))
            case b"origin":
                places.append(_host(value.decode("latin-1")))
            case b"sec-fetch-site":
                cross_site |= value.strip().lower() == b"cross-site"
    if cross_site or not all(is_loopback(place) for place in places):
        raise Refused(
            403,
            "GATEWAY_TOKEN_REQUIRED",
            "This gateway lends its owner's key to programs on this machine alone, and to no web page. "
            f"For others it needs a token ({TOKEN}).",
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class Incoming(httpx.AsyncByteStream):
    """A request's body while it comes in; read once. Also a body for httpx to send."""

    def __init__(self, scope: Scope, receive: Receive, config: GatewayConfig, record: Record) -> None:
        self._receive = receive
        self._config = config
        self._record = record
        self.complete = False
        self._released = asyncio.Event()
        lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
        self._declared = int(lengths[0]) if lengths and lengths[0].isdigit() else 0
        self.on_complete: Callable[[], object] = lambda: None

    def check_declared(self) -> None:
        """Raises :class:`Refused` where the announced length is over the limit, before anything is read."""
        if self._declared > self._config.max_body:
            raise self._too_large()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises :class:`Gone` and :class:`Refused`."""
        watchdog = Watchdog(self._config.body_timeout)
        try:
            while not self.complete:
                try:
                    with watchdog:
                        message = await self._receive()
                except TimeoutError:
                    raise Refused(
                        408, "REQUEST_TIMEOUT", f"No more of the body came for {self._config.body_timeout:g} seconds."
                    ) from None
                if message["type"] == "http.disconnect":
                    raise Gone
                piece: bytes = message.get("body", b"")
                if not message.get("more_body", False):
                    self.complete = True
                    self.on_complete()
                    self.release()
                self._record.bytes_in += len(piece)
                if self._record.bytes_in > self._config.max_body:
                    raise self._too_large()
                if piece:
                    yield piece
        finally:
            watchdog.dismiss()

    def release(self) -> None:
        """Nobody will read on: :meth:`until_gone` may take over."""
        self._released.set()

    async def until_gone(self) -> None:
        """Wait until the caller has closed the connection, dropping what he may still send."""
        await self._released.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def drain(self) -> None:
        """Take in what is still coming, for a short while: a caller who is sending reads no answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while not self.complete:
                    message = await self._receive()
                    self.complete = message["type"] == "http.disconnect" or not message.get("more_body", False)

    def _too_large(self) -> Refused:
        return Refused(413, "BODY_TOO_LARGE", f"The body has more than {self._config.max_body} bytes.")


async def store(incoming: Incoming, headers: HeaderPairs, limits: Limits) -> Body:
    """The whole body: in memory where it is small, else on disk, where a form is read on the way there.

    Raises as :class:`Incoming`.
    """
    with BodyWriter(reader=partial(EarlyReader, headers, limits, MEMORY_LIMIT)) as writer:
        async for piece in incoming:
            with _needing_room():
                writer.write(piece)  # in line: it goes to the page cache, a thread would cost more
        with _needing_room():
            return writer.finish()


@contextmanager
def _needing_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(
            507, "NO_SPACE", f"The gateway has no room for this upload ({error.strerror}); nothing was sent."
        ) from error
