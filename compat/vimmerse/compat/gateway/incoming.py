"""What may come in, and how it is read.

Laws:

* The caller picks a path below the base URL, never a host: the target must begin with a slash.
* A body has one length. ``Content-Length`` beside ``Transfer-Encoding`` is how requests are smuggled; so is a
  ``Connection`` that names a header which the message needs.
* The gateway's token ends here; the caller's own ``Authorization`` goes on.
* Without a token, the owner's key is for programs on this machine: not for a web page that he happens to look at, and
  not for whoever a proxy on this machine speaks for.
* Every wait for the caller has a limit, the whole request too, and every body a size.
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
from vimmerse.compat.core.forms import EarlyReader, Limits
from vimmerse.compat.core.messages import Body
from vimmerse.compat.core.messages import Pairs as HeaderPairs
from vimmerse.compat.gateway.access import Record
from vimmerse.compat.gateway.config import TOKEN, GatewayConfig, is_loopback
from vimmerse.compat.gateway.replies import Pairs, Refused, end_to_end, essential, options
from vimmerse.compat.gateway.watchdog import Watchdog
from vimmerse.compat.runtime.bodies import MEMORY_LIMIT, BodyWriter

TOKEN_HEADER = b"x-gateway-token"
_NOT_IN_TARGET = re.compile(rb"[^!\"$-~]")  # uvicorn refuses most of these itself; other servers may not
_LINGER = 2.0  # seconds
_TURN = 128 * 1024  # bytes of a form that are read before anybody else's turn
# What proxies add. One of them is enough: the request comes from somewhere else.
_FORWARDED = re.compile(
    rb"forwarded|via|x-(forwarded|original)-?.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|client-ip"
    rb"|cf-connecting-ip|fastly-client-ip|fly-client-ip|x-envoy-.+|x-appengine-.+|x-azure-.+"
)


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
    lowered = [(name.lower(), value) for name, value in pairs]
    names = {name for name, _ in lowered}
    if b"content-length" in names and b"transfer-encoding" in names:
        raise Refused(400, "AMBIGUOUS_BODY", "The request has both Content-Length and Transfer-Encoding.")
    if any(map(essential, options(pairs))):
        raise Refused(
            400, "BAD_REQUEST", "The request's Connection header names a header that the request itself needs."
        )
    if config.token is not None:
        return _without_token(pairs, config.token.encode())
    if config.supply_key == "always" and not any(name == b"x-api-key" and value.strip() for name, value in lowered):
        _check_local(scope, lowered)
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


def _check_local(scope: Scope, lowered: Pairs) -> None:
    """Raises :class:`Refused` where a request that the owner's key would be lent to is not one of this machine's."""
    places = [str(scope["server"][0])] if scope.get("server") else []
    strange = False
    for name, value in lowered:
        match name:
            case b"host":
                places.append(_host(f"//{value.decode('latin-1')}"))
            case b"origin":
                places.append(_host(value.decode("latin-1")))
            case b"sec-fetch-site":
                strange |= value.strip().lower() == b"cross-site"
            case _:
                strange |= _FORWARDED.fullmatch(name) is not None
    if strange or not all(is_loopback(place) for place in places):
        raise Refused(
            403,
            "GATEWAY_TOKEN_REQUIRED",
            "This gateway lends its owner's key to programs on this machine alone: to no web page, and to nobody "
            f"behind a proxy. For others it needs a token: set {TOKEN}, and send it as X-Gateway-Token.",
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
        self.stalled = False  # given up, since nothing came
        self._released = asyncio.Event()
        self.headers: Pairs = [(bytes(name), bytes(value)) for name, value in scope["headers"]]
        lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
        self.declared = int(lengths[0]) if lengths and lengths[0].isdigit() else 0
        self._last = asyncio.get_running_loop().time() + config.request_timeout
        self.on_complete: Callable[[], object] = lambda: None

    def check_declared(self) -> None:
        """Raises :class:`Refused` where the announced length is over the limit, before anything is read."""
        if self.declared > self._config.max_body:
            raise self._too_large()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises :class:`Gone` and :class:`Refused`."""
        watchdog = Watchdog(self._config.body_timeout, self._last)
        try:
            while not self.complete:
                try:
                    with watchdog:
                        message = await self._receive()
                except TimeoutError:
                    raise self._too_slow() from None
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

    def _too_slow(self) -> Refused:
        config = self._config
        if asyncio.get_running_loop().time() >= self._last:
            detail = f"The request did not come in {config.request_timeout:g} seconds."
        else:
            self.stalled = True
            detail = f"No more of the body came for {config.body_timeout:g} seconds."
        return Refused(408, "REQUEST_TIMEOUT", detail)

    def _too_large(self) -> Refused:
        return Refused(413, "BODY_TOO_LARGE", f"The body has more than {self._config.max_body} bytes.")


async def store(incoming: Incoming, headers: HeaderPairs, limits: Limits) -> Body:
    """The whole body: in memory where it is small, else on disk, where a form is read on the way there.

    Raises as :class:`Incoming`.
    """
    size = 0
    with BodyWriter(reader=partial(EarlyReader, headers, limits, MEMORY_LIMIT)) as writer:
        async for piece in incoming:
            before, size = size, size + len(piece)
            with _needing_room():
                if before <= MEMORY_LIMIT < size:  # all that is in memory goes to the disk, and is read
                    await asyncio.to_thread(writer.write, piece)
                    continue
                # In line: it goes to the page cache, and a thread would cost more.
                writer.write(piece[:_TURN])
            for start in range(_TURN, len(piece), _TURN):
                await asyncio.sleep(0)  # reading a form that is made to cost takes long
                with _needing_room():
                    writer.write(piece[start : start + _TURN])
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
