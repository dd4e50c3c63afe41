"""The door for every language: a gateway that takes v1 calls over HTTP and makes them on v2.

    vimmerse serve                                                   # the same, with a server
    uvicorn --factory vimmerse.compat.gateway:create_app       # or with another

A v1 integration changes its base URL and nothing else. What is no v1 call goes to the API untouched.

Laws:

* A caller who hangs up ends his call, and the request to the API with it; but once a request that may cost credits
  has begun, the call is seen through, so that the log names what was made.
* Nothing is kept between two requests: any number of gateways may run side by side.
* Uploads and downloads of any size pass in constant memory.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from importlib.metadata import version
from typing import Any, cast
from urllib.parse import urlsplit

try:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from starlette.types import Message, Receive, Scope, Send
except ModuleNotFoundError as cause:
    raise ImportError("the gateway needs Starlette: pip install 'vimmerse[gateway]'", name=cause.name) from cause

import httpx
from vimmerse.compat.core.errors import MAY_EXIST, TranslationError
from vimmerse.compat.core.messages import Headers, Notice, V1Request, V2Request, V2Response, is_secret
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import Secrets
from vimmerse.compat.flows.context import Flow, is_redirect, method_override_header
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.routing import find
from vimmerse.compat.gateway import guide, incoming
from vimmerse.compat.gateway.access import Record, job_ids, template
from vimmerse.compat.gateway.config import GatewayConfig, token_from_environment
from vimmerse.compat.gateway.incoming import Gone, Incoming
from vimmerse.compat.gateway.replies import (
    Pairs,
    Refused,
    Reply,
    decoded,
    deprecation,
    encoded,
    end_to_end,
    error,
    notice_headers,
    payload,
    with_deprecation,
)
from vimmerse.compat.gateway.steps import start
from vimmerse.compat.gateway.upstream import SAFE, Transport, Upstream, failure
from vimmerse.compat.gateway.watchdog import Watchdog
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.bodies import MEMORY_LIMIT, discard
from vimmerse.compat.runtime.driver import adrive, report
from vimmerse.compat.runtime.headers import decoded_headers, response_headers

_logger = logging.getLogger("vimmerse.gateway")
_CREDENTIALS = frozenset({"x-api-key", "x-gateway-token", "authorization"})
_V1_METHODS = ("GET", "POST", "PUT", "DELETE")
_READ_FOR_IDS = 256 * 1024  # bytes of a paid answer that is not translated


def create_app(
    policy: Policy | None = None, config: GatewayConfig | None = None, *, transport: Transport | None = None
) -> Starlette:
    """The gateway as an ASGI app.

    ``policy`` says how to translate; by default it comes from the environment. Its ``supply_key`` is not looked at:
    that of ``config`` counts, which lends the owner's key to v1's status route alone. ``config``: how to serve; by
    default every default, and the token of ``VIMMERSE_GATEWAY_TOKEN``. ``transport`` sends the requests; by default a
    pool made as ``config`` says.

    The server in front has to limit the size and the time of request heads; ``vimmerse serve`` does.
    """
    config = config or GatewayConfig(token=token_from_environment())
    policy = settings.resolve(policy, {})
    if config.supply_key == "never":
        policy = policy.replace(api_key=None)
    else:
        policy = policy.replace(supply_key=config.supply_key)
    gateway = Gateway(policy, config, Upstream(policy.base_url, config, transport))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await gateway.close()

    routes = [Route("/healthz", _health, methods=["GET"]), Route(guide.PATH, guide.serve, methods=["GET"])]
    app = Starlette(routes=routes, lifespan=lifespan)
    # Not a route: Starlette would look for a trailing slash, and has no route for any path whatever.
    app.router.redirect_slashes = False
    app.router.default = gateway
    app.state.gateway = gateway
    return app


async def _health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": version("vimmerse")})


def _stopping(record: Record) -> Reply:
    code, what = "GATEWAY_STOPPING", "The gateway is stopping."
    if record.committed:  # nothing that invites a client to send it again by itself
        return error(504, payload(code, f"{what} {MAY_EXIST}", record.ids))
    return error(503, payload(code, what), [("Retry-After", "5")])


class _Exchange:
    """One request of a caller and what has been answered so far."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, config: GatewayConfig) -> None:
        self.scope = scope
        self._send = send
        self.watchdog = Watchdog(config.send_timeout)
        self.record = Record(scope["method"][:16], "", enabled=config.access_log)
        self.body = Incoming(scope, receive, config, self.record)
        self.deprecation: Pairs = []  # of an answer to a v1 call
        self.started = False
        self.downloading = False
        self.handed_over = False  # the record is finished elsewhere

    async def start(self, reply: Reply) -> None:
        """Raises :class:`Gone`, as :meth:`send` does."""
        self.started = True
        self.record.status = reply.status
        headers = with_deprecation(reply.headers, self.deprecation)
        if reply.close:
            headers = [*headers, (b"connection", b"close")]
        await self._out({"type": "http.response.start", "status": reply.status, "headers": headers})

    async def send(self, piece: bytes, *, more: bool) -> None:
        self.record.bytes_out += len(piece)
        await self._out({"type": "http.response.body", "body": piece, "more_body": more})

    async def _out(self, message: Message) -> None:
        try:
            with self.watchdog:
                await self._send(message)
        except TimeoutError:
            self.record.error = "SEND_TIMEOUT"
            raise Gone from None
        except OSError:  # uvicorn says nothing, other servers do
            raise Gone from None

    async def whole(self, reply: Reply) -> None:
        """Send an answer that is no stream."""
        await self.start(reply)
        await self.send(reply.body, more=reply.close)
        if reply.close:
            if not self.body.stalled:  # else nothing is coming, so there is nothing to wait for
                await self.body.drain()
            await self.send(b"", more=False)

    async def apologise(self, reply: Reply) -> None:
        """As :meth:`whole`, where no answer has been begun yet."""
        if not self.started:
            with suppress(Gone):
                await self.whole(reply)


class Gateway:
    """What answers all but ``/healthz`` and the migration guide."""

    def __init__(self, policy: Policy, config: GatewayConfig, upstream: Upstream) -> None:
        self._policy = policy
        self._config = config
        self._upstream = upstream
        self._active = 0
        self._downloads = 0  # of those
        self._deprecation = deprecation(config.sunset, config.deprecation_link)
        self._alone: set[asyncio.Task[None]] = set()  # paid calls whose callers are gone
        self._stopping_since: float | None = None

    def stop(self) -> None:
        """The server has been told to stop: from now on the time for paid calls runs."""
        self._stopping_since = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """Wait for paid calls that nobody waits for, up to the limit; then close the connections."""
        loop = asyncio.get_running_loop()
        since = loop.time() if self._stopping_since is None else self._stopping_since
        if self._alone:
            _logger.info("waiting for %d paid calls whose callers are gone", len(self._alone))
            left = max(0.0, since + self._config.paid_shutdown_timeout - loop.time())
            _, unfinished = await asyncio.wait(set(self._alone), timeout=left)
            for task in unfinished:
                task.cancel()
            if unfinished:
                _logger.warning("%d paid calls were abandoned; the access log names them", len(unfinished))
                await asyncio.wait(unfinished)
        await self._upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        exchange = _Exchange(scope, receive, send, self._config)
        record = exchange.record
        self._active += 1
        try:
            await self._answer(exchange)
        except Refused as refused:
            record.error = refused.code
            await exchange.apologise(refused.reply())
        except Gone:
            record.disconnected = True
        except asyncio.CancelledError:
            # The server's patience is over. The task ends by itself, so that the caller gets a word.
            record.error = "GATEWAY_STOPPING"
            await exchange.apologise(_stopping(record))
        except Exception as cause:
            record.error = "INTERNAL_ERROR"
            # Without the exception's text, which could quote the caller's body.
            _logger.error("%s in\n%s", type(cause).__name__, "".join(traceback.format_tb(cause.__traceback__)))
            detail = "The gateway has failed; its log says where."
            if record.committed:
                detail = f"{detail} {MAY_EXIST}"
            await exchange.apologise(error(500, payload("INTERNAL_ERROR", detail, record.ids), close=True))
        finally:
            self._active -= 1
            self._downloads -= exchange.downloading
            exchange.watchdog.dismiss()
            if not exchange.handed_over:
                record.finish()

    async def _answer(self, exchange: _Exchange) -> None:
        scope, record = exchange.scope, exchange.record
        config, policy = self._config, self._policy
        record.secrets = self._secrets(decoded(exchange.body.headers))
        target = incoming.target(scope, self._upstream.prefix)
        path = target.partition(b"?")[0].decode("ascii")
        record.path = template(path)
        method: str = scope["method"]
        body = exchange.body
        url = policy.base_url + target.decode("ascii")
        call = find(method, url, policy)
        # Of the place as a whole: HEAD, and what v1 answers 405 to, are told as well.
        if call is not None or any(find(other, url, policy) for other in _V1_METHODS):
            exchange.deprecation = self._deprecation
        headers = incoming.headers(scope, len(target), config)
        body.check_declared()
        working = self._active - self._downloads + len(self._alone)
        if config.max_concurrency is not None and working > config.max_concurrency:
            raise Refused(503, "GATEWAY_BUSY", "The gateway is busy: send this again.", [("Retry-After", "1")])
        # Under a limit of credits the core decides about whatever may cost some. Else it streams.
        limited = policy.max_credits is not None and (
            method not in SAFE or bool(method_override_header(method, decoded(headers)))
        )
        described = decoded(headers)
        request = V1Request(method, url, described)
        flow = begin(request, policy) if call is not None or limited else None
        if flow is not None:
            operation = f"{method} {record.path}"
            record.kind = "untouched"
            if call is not None:
                operation, record.kind, record.path = call.operation.v1, "v1", call.operation.path
            request.set_body(await incoming.store(body, described, policy.limits))
            work = self._translated(request, flow, operation, exchange)
        else:
            record.kind = "untouched"
            chunked = any(name.lower() == b"transfer-encoding" for name, _ in scope["headers"])
            work = self._untouched(method, target, headers, body, record, chunked=chunked)
        await self._see_to(work, body, exchange)

    def _secrets(self, headers: Headers) -> Secrets:
        """What no line of the log may hold."""
        given = [value.split()[-1] for name, value in headers if name.lower() in _CREDENTIALS and value.strip()]
        return Secrets([*given, *filter(None, (self._policy.api_key, self._config.token))])

    # What is asked of the API

    async def _untouched(
        self, method: str, target: bytes, headers: Pairs, body: Incoming, record: Record, *, chunked: bool
    ) -> Reply:
        place = f"{method} {record.path}"
        # Nobody knows what it costs. While its body is coming in, the caller may still take it back.
        body.on_complete = partial(setattr, record, "committed", method not in SAFE)
        content: httpx.AsyncByteStream = body
        if method not in SAFE and not chunked and body.declared <= MEMORY_LIMIT:
            # Whole before it takes a connection: a body that drips would take it from paid calls.
            content = httpx.ByteStream(b"".join([piece async for piece in body]))
        try:
            native = await self._upstream.untouched(method, target, headers, content, chunked=chunked)
        except httpx.HTTPError as cause:
            record.error, reply = failure(cause, place, paid=record.committed, created=[])
            return reply
        record.calls.append(f"{place} {native.status_code}")
        # The caller's own headers: the gateway's token, too, would go along.
        private = chunked or body.declared or any(is_secret(name) for name, _ in decoded(body.headers))
        if private and is_redirect(native.status_code, decoded(native.headers.raw)):
            await native.aclose()
            record.error = "UNEXPECTED_REDIRECT"
            detail = (
                f"{place}: the API answered {native.status_code}, a redirect. It is not handed on, so that key and "
                "body go nowhere else: set the base URL to the API's own address."
            )
            return error(native.status_code, payload(record.error, detail))
        return Reply(native.status_code, end_to_end(native.headers.raw), native=native)

    async def _translated(self, request: V1Request, flow: Flow, operation: str, exchange: _Exchange) -> Reply:
        record = exchange.record
        try:
            outcome = await adrive(
                await start(flow, request),
                partial(self._send, operation, exchange),
                partial(self._hear, record),
                close=lambda native: cast(httpx.Response, native).aclose(),
                call=request,
            )
        except TranslationError as cause:
            record.error = cause.code
            reply = error(cause.status, cause.payload())
        except (httpx.HTTPError, httpx.InvalidURL) as cause:
            record.error, reply = failure(cause, operation, paid=record.paid, created=record.ids)
        else:
            answer = outcome.response
            native = cast(httpx.Response | None, answer.native)
            described = decoded(native.headers.raw) if native is not None else None
            pairs = end_to_end(encoded(response_headers(answer, described)))
            reply = Reply(answer.status, pairs, answer.body, native)
            report(outcome)
        finally:
            discard(request.body)
        if self._config.notice_header:
            reply.headers.extend(notice_headers(record.notices))
        return reply

    async def _send(self, operation: str, exchange: _Exchange, request: V2Request) -> V2Response:
        record = exchange.record
        if request.paid:
            record.paid = record.committed = True
        if request.kind == "file" and not exchange.downloading:
            if self._downloads >= self._config.max_downloads:
                raise httpx.PoolTimeout("too many downloads")
            self._downloads += 1
            exchange.downloading = True
        place = "file" if request.kind == "file" else template(urlsplit(request.url).path)
        try:
            native = await self._upstream.send(request)
        except httpx.HTTPError as cause:
            record.calls.append(f"{request.method} {place} {type(cause).__name__}")
            raise
        status = native.status_code
        record.calls.append(f"{request.method} {place} {status}")
        headers = decoded(native.headers.raw)
        if request.stream:
            return V2Response(status, headers, native=native)
        body = await self._upstream.read(native, operation, paid=request.paid)
        if request.paid and 200 <= status < 300:
            record.note_ids(job_ids(body))
        return V2Response(status, decoded_headers(headers), body)

    def _hear(self, record: Record, notice: Notice) -> None:
        record.notices.append(notice)
        if self._policy.on_warning is not None:
            self._policy.on_warning(notice)

    # What the caller gets

    async def _see_to(self, work: Coroutine[Any, Any, Reply], body: Incoming, exchange: _Exchange) -> None:
        task = asyncio.create_task(work)
        gone = asyncio.create_task(body.until_gone())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                body.release()
                await self._deliver(task.result(), gone, exchange)
            else:
                exchange.record.disconnected = True
        finally:
            gone.cancel()
            if not task.done():
                await self._leave(task, exchange)

    async def _leave(self, task: asyncio.Task[Reply], exchange: _Exchange) -> None:
        """The caller is gone, or the server has no more time for him."""
        if exchange.record.committed:
            alone = asyncio.create_task(self._see_through(task, exchange.record))
            self._alone.add(alone)
            alone.add_done_callback(self._alone.discard)
            exchange.handed_over = True
            return
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and task.exception() is None and (native := task.result().native) is not None:
            await native.aclose()  # it came just then

    async def _see_through(self, task: asyncio.Task[Reply], record: Record) -> None:
        try:
            reply = await task
            record.status = reply.status
            if reply.native is not None:
                async for _ in self._pieces(reply.native, record):
                    continue
        except asyncio.CancelledError:
            record.error = "ABANDONED"
            raise
        except Exception as cause:  # nobody is left to be told, but the log
            record.error = type(cause).__name__
        finally:
            record.finish()

    async def _deliver(self, reply: Reply, gone: asyncio.Task[None], exchange: _Exchange) -> None:
        if reply.native is None:
            await exchange.whole(reply)
            return
        pump = asyncio.create_task(self._pump(reply, exchange))
        try:
            await asyncio.wait({pump, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not pump.done():
                exchange.record.disconnected = True
                if exchange.record.committed:
                    await asyncio.wait({pump})
        finally:
            pump.cancel()
            await asyncio.wait({pump})
        if not pump.cancelled():
            pump.result()

    async def _pump(self, reply: Reply, exchange: _Exchange) -> None:
        assert reply.native is not None
        try:
            await exchange.start(reply)
            async with aclosing(self._pieces(reply.native, exchange.record)) as pieces:
                async for piece in pieces:
                    await exchange.send(piece, more=True)
        except httpx.HTTPError:
            # Half an answer must not look whole: without its end the server closes the connection.
            exchange.record.error = "UPSTREAM_CUT"
            return
        await exchange.send(b"", more=False)

    async def _pieces(self, native: httpx.Response, record: Record) -> AsyncGenerator[bytes, None]:
        """An answer's bytes as they come. The ids in it are noted, also when nobody else is listening."""
        kept = bytearray()
        try:
            # As it comes: aiter_raw() would count it and cut it anew.
            async for piece in cast(httpx.AsyncByteStream, native.stream):
                if record.committed and len(kept) < _READ_FOR_IDS:
                    kept += piece
                elif record.disconnected:
                    return
                yield piece
        finally:
            await native.aclose()
            if record.committed and native.is_success:
                record.note_ids(job_ids(bytes(kept), decoded(native.headers.raw)))
