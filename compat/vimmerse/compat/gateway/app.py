"""The gateway as an ASGI app: it translates v1 calls, from any language, and passes other requests through to the API.

* If a client disconnects, its call ends, and so does the request to the API. But once a request that may cost credits
  has started, the call completes, so that the log has the ids of what was created.
* Nothing but numbers for ``/report`` is kept between two requests: any number of gateways may run side by side.
* Uploads and downloads of any size take constant memory.

:meth:`Gateway.__call__` handles one request; the methods after it are its steps, in order.
"""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

try:
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send
except ModuleNotFoundError as cause:
    raise ImportError("the gateway needs Starlette: pip install 'vimmerse[gateway]'", name=cause.name) from cause

import httpx
from vimmerse._http.redaction import Secrets
from vimmerse.compat.core.errors import MAY_EXIST, TranslationError
from vimmerse.compat.core.messages import Body, Headers, Notice, V1Request, V2Request, V2Response, is_secret
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.headers import is_redirect, method_override_header
from vimmerse.compat.flows.routing import locate, match_v1_call
from vimmerse.compat.gateway import pages, responses
from vimmerse.compat.gateway.access_log import AccessRecord, job_ids
from vimmerse.compat.gateway.body_storage import SMALL, BodyStorage
from vimmerse.compat.gateway.config import GatewayConfig, token_from_env
from vimmerse.compat.gateway.connection import ClientConnection, ClientDisconnected
from vimmerse.compat.gateway.flow import start_flow
from vimmerse.compat.gateway.request import forwarded_headers, request_target
from vimmerse.compat.gateway.responses import GatewayResponse, RequestRejected, error_response, json_response
from vimmerse.compat.gateway.upstream import SAFE_METHODS, Upstream, failure_response
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.bodies import MEMORY_LIMIT, form_reader, release_body
from vimmerse.compat.runtime.call_counts import CallCounter, CallCounts
from vimmerse.compat.runtime.driver import CallState, drive_async, report
from vimmerse.compat.runtime.headers import decoded_headers, response_headers
from vimmerse.compat.runtime.logs import path_template
from vimmerse.compat.runtime.spans import CallSpans

T = TypeVar("T")

_logger = logging.getLogger("vimmerse.gateway")
_CREDENTIALS = frozenset({"x-api-key", "x-gateway-token", "authorization"})
_V1_METHODS = ("GET", "POST", "PUT", "DELETE")
_SCANNED_FOR_IDS = 256 * 1024  # bytes of a paid response that is streamed


def create_app(
    policy: Policy | None = None,
    config: GatewayConfig | None = None,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """Return the gateway as an ASGI app. The server must limit the size and the time of request heads.

    Args:
        policy: How to translate; by default from the environment. Its ``supply_key`` is ignored; ``config`` has one.
        config: How to serve; by default the defaults, and the token of ``VIMMERSE_GATEWAY_TOKEN``.
        transport: Sends the requests; by default connection pools according to ``config``.
    """
    config = config or GatewayConfig(token=token_from_env())
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

    report = pages.report_route(gateway.counts, config)
    app = Starlette(routes=[*pages.ROUTES, report], lifespan=lifespan)
    # Not a route: Starlette would redirect to add a trailing slash, and has no route for any path.
    app.router.redirect_slashes = False
    app.router.default = gateway
    app.state.gateway = gateway
    return app


class Gateway:
    """Handles every request except for those to ``pages``."""

    def __init__(self, policy: Policy, config: GatewayConfig, upstream: Upstream) -> None:
        self._policy = policy
        self._config = config
        self._upstream = upstream
        self._deprecation = responses.deprecation_headers(config.sunset, config.deprecation_link)
        self.bodies = BodyStorage(config)
        self.counts = CallCounts()  # for /report; all that remains of a call
        self._active = 0  # requests
        self._downloads: set[ClientConnection] = set()  # of these, those that fetch a result file
        self._detached: set[asyncio.Task[None]] = set()  # paid calls that complete without their clients
        self._shutdown_started: float | None = None

    def stop(self) -> None:
        """The shutdown has begun: the time for paid calls runs from now on."""
        self._shutdown_started = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """Wait for paid calls whose clients have disconnected, up to the limit; then close the connections."""
        loop = asyncio.get_running_loop()
        started = loop.time() if self._shutdown_started is None else self._shutdown_started
        if self._detached:
            _logger.info("waiting for %d paid calls whose clients have disconnected", len(self._detached))
            timeout = max(0.0, started + self._config.paid_shutdown_timeout - loop.time())
            _, unfinished = await asyncio.wait(set(self._detached), timeout=timeout)
            for task in unfinished:
                task.cancel()
            if unfinished:
                _logger.warning("%d paid calls were abandoned; the access log names them", len(unfinished))
                await asyncio.wait(unfinished)
        await self._upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request: every failure becomes an error response, and every request a line of the log."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        record = AccessRecord(scope["method"][:16], enabled=self._config.access_log)
        client = ClientConnection(scope, receive, send, self._config, record)
        self._active += 1
        try:
            await self._handle(client)
        except RequestRejected as rejection:
            record.error = rejection.code
            await client.respond_with_error(rejection.response)
        except ClientDisconnected:
            record.disconnected = True
        except asyncio.CancelledError:
            # The shutdown timeout has passed. The task ends by itself, so that the client gets a response.
            record.error, detail = "GATEWAY_STOPPING", "The gateway is stopping."
            if record.committed:  # not a status after which clients send a request again on their own
                response = error_response(504, record.error, f"{detail} {MAY_EXIST}", record.ids)
            else:
                response = error_response(503, record.error, detail, headers=[("Retry-After", "5")])
            await client.respond_with_error(response)
        except Exception as error:
            record.error, detail = "INTERNAL_ERROR", "The gateway has failed; its log says where."
            # Without the exception's text, which may quote the client's body.
            _logger.error("%s in\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            if record.committed:
                detail += f" {MAY_EXIST}"
            await client.respond_with_error(error_response(500, record.error, detail, record.ids, close=True))
        finally:
            self._active -= 1
            self._downloads.discard(client)
            if not client.detached:
                self._end(client)

    def _end(self, client: ClientConnection) -> None:
        self.bodies.release(client)
        client.record.write()

    async def _handle(self, client: ClientConnection) -> None:
        """Check the request, translate it or pass it through, and send the response."""
        scope, record, policy = client.scope, client.record, self._policy
        method: str = scope["method"]
        credentials = [
            value.split()[-1] for name, value in client.headers if name.lower() in _CREDENTIALS and value.strip()
        ]
        record.secrets = Secrets([*credentials, *filter(None, (policy.api_key, self._config.token))])
        target = request_target(scope, self._upstream.prefix)
        record.path = path_template(target.partition(b"?")[0].decode("ascii"))
        url = policy.base_url + target.decode("ascii")
        location = locate(url, policy)
        assert location is not None  # a path below the base URL is always the API's
        call = match_v1_call(method, location)
        # For any method of a v1 path: also for HEAD, and for methods that v1 rejects.
        if call is not None or any(match_v1_call(other, location) for other in _V1_METHODS):
            client.deprecation = self._deprecation
        headers = forwarded_headers(client.headers, scope, len(target), self._config)
        client.check_content_length()
        limit = self._config.max_concurrency
        if limit is not None and self._active - len(self._downloads) + len(self._detached) > limit:
            raise RequestRejected(503, "GATEWAY_BUSY", "The gateway is busy: try again.", [("Retry-After", "1")])
        if call is not None:
            record.kind, record.path, operation = "v1", call.operation.path, call.operation.v1
        else:
            record.kind, operation = "untouched", f"{method} {record.path}"
        may_cost = method not in SAFE_METHODS or method_override_header(method, headers)
        if call is not None or (policy.max_credits is not None and may_cost):
            request = V1Request(method, url, headers)
            flow = begin(request, policy)
            assert flow is not None
            request.body = await self.bodies.store(client, form_reader(headers, policy.limits, SMALL))
            work = self._translate(client, request, flow, operation)
        else:
            work = self._pass_through(client, target, headers, operation)
        await self._respond(client, work)

    # Requests to the API

    async def _pass_through(
        self, client: ClientConnection, target: bytes, headers: Headers, operation: str
    ) -> GatewayResponse:
        """Send the client's request to the API as it is."""
        record, method = client.record, client.scope["method"]
        # Its price is unknown. The client may cancel it while the body is arriving.
        client.commit_after_body = method not in SAFE_METHODS
        body: Body | None = None
        if method not in SAFE_METHODS and not client.is_chunked and client.content_length <= MEMORY_LIMIT:
            # Received before it takes a connection, so that a slow client takes none from paid calls.
            body = await self.bodies.store(client)
        try:
            content = client.body() if body is None else body
            upstream = await self._upstream.forward(method, target, headers, content, chunked=client.is_chunked)
        except httpx.HTTPError as error:
            record.error, response = failure_response(error, operation, paid=record.committed, created=[])
            return response
        finally:
            if body is not None:
                release_body(body)
        status, headers = upstream.status_code, responses.decode_headers(upstream.headers.raw)
        record.calls.append(f"{operation} {status}")
        # All of the client's headers: it would send the gateway's token, too, where a redirect leads.
        private = client.is_chunked or client.content_length or any(is_secret(name) for name, _ in client.headers)
        if private and is_redirect(status, headers):
            await upstream.aclose()
            record.error = "UNEXPECTED_REDIRECT"
            detail = (
                f"{operation}: the API responded with {status}, a redirect. It is not forwarded, so that key and body "
                "go nowhere else: set the base URL to the API's own address."
            )
            return error_response(status, record.error, detail)
        return GatewayResponse(status, responses.end_to_end_headers(headers), upstream=upstream)

    async def _translate(
        self, client: ClientConnection, request: V1Request, flow: Flow, operation: str
    ) -> GatewayResponse:
        """Make a v1 call on v2."""
        record = client.record
        try:
            spans = CallSpans(request, self._policy, is_received=True)
            counter = CallCounter(self._policy, counts=self.counts)
            state = CallState(partial(self._add_notice, record), request, spans=spans, counter=counter)
            try:
                await self.bodies.wait_for_text(client, request.body)
                v1_response = await drive_async(
                    await start_flow(flow, request),
                    partial(self._send, client, operation),
                    state,
                    close=lambda native: cast(httpx.Response, native).aclose(),
                )
            except BaseException as error:
                state.annotate(error)
                raise
        except TranslationError as error:
            record.error = error.code
            response = json_response(error.status, error.payload())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            record.error, response = failure_response(error, operation, paid=record.paid, created=record.ids)
        else:
            report(state.record(v1_response))
            upstream = cast(httpx.Response | None, v1_response.native)
            native_headers = responses.decode_headers(upstream.headers.raw) if upstream is not None else None
            headers = responses.end_to_end_headers(response_headers(v1_response, native_headers))
            response = GatewayResponse(v1_response.status, headers, v1_response.body, upstream)
        finally:
            release_body(request.body)
        if self._config.notice_header:
            response.headers = response.headers.adding(*responses.notice_headers(record.notices))
        return response

    async def _send(self, client: ClientConnection, operation: str, request: V2Request) -> V2Response:
        """Send one request of a flow."""
        record = client.record
        if request.paid:
            record.paid = record.committed = True
        if request.kind != "file":
            path = path_template(urlsplit(request.url).path)
        else:
            path = "file"
            if client not in self._downloads and len(self._downloads) >= self._config.max_downloads:
                raise httpx.PoolTimeout("too many downloads")
            self._downloads.add(client)
        try:
            upstream = await self._upstream.send(request)
        except httpx.HTTPError as error:
            record.calls.append(f"{request.method} {path} {type(error).__name__}")
            raise
        status, headers = upstream.status_code, responses.decode_headers(upstream.headers.raw)
        record.calls.append(f"{request.method} {path} {status}")
        if request.stream:
            return V2Response(status, headers, native=upstream)
        body = await self._upstream.read(upstream, operation, paid=request.paid)
        if request.paid and 200 <= status < 300:
            record.add_ids(job_ids(body))
        return V2Response(status, decoded_headers(headers), body)

    def _add_notice(self, record: AccessRecord, notice: Notice) -> None:
        record.notices.append(notice)
        if self._policy.on_warning is not None:
            self._policy.on_warning(notice)

    # The response to the client

    async def _respond(self, client: ClientConnection, work: Coroutine[Any, Any, GatewayResponse]) -> None:
        """Send the response that ``work`` returns. Raises :class:`ClientDisconnected`, and what ``work`` raises."""
        disconnect = asyncio.create_task(client.wait_for_disconnect())
        task = asyncio.create_task(self._send_response(client, work))
        try:
            await asyncio.wait({task, disconnect}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise ClientDisconnected
            task.result()
        finally:
            disconnect.cancel()
            if not task.done():
                await self._abandon(client, task)

    async def _send_response(self, client: ClientConnection, work: Coroutine[Any, Any, GatewayResponse]) -> None:
        response = await work
        client.record.status = response.status
        client.stop_reading()
        if response.upstream is None:
            if not client.detached:
                await client.respond(response)
            return
        try:
            await self._stream(client, response)
        except httpx.HTTPError:  # the server closes the connection, so that the client sees what is missing
            if client.detached:
                raise
            client.record.error = "UPSTREAM_CUT"

    async def _stream(self, client: ClientConnection, response: GatewayResponse) -> None:
        """Send the response while it arrives. The ids in it are logged even if the client has disconnected."""
        assert response.upstream is not None
        record, upstream = client.record, response.upstream
        start = bytearray()
        length = upstream.headers.get("content-length", "")
        left, last = int(length) if length.isdecimal() else -1, b""
        task = asyncio.current_task()
        try:
            if task is not None and task.cancelling():  # the response arrived nevertheless
                return
            if not client.detached:
                await client.start_response(response)
            # Not aiter_raw(), which would count the bytes and split them again.
            async for chunk in cast(httpx.AsyncByteStream, upstream.stream):
                if record.committed and len(start) < _SCANNED_FOR_IDS:
                    start += chunk
                elif client.detached:
                    return
                left -= len(chunk)
                if left == 0:
                    last = chunk  # sent together with the end of the body
                elif not client.detached:
                    await client.send_body(chunk, more=True)
            if not client.detached:
                await client.send_body(last, more=False)
        finally:
            await upstream.aclose()
            if record.committed and upstream.is_success:
                record.add_ids(job_ids(bytes(start), responses.decode_headers(upstream.headers.raw)))

    async def _abandon(self, client: ClientConnection, task: asyncio.Task[None]) -> None:
        """The client has disconnected, or the server stops: cancel the task, unless the call must complete."""
        if client.record.committed:
            client.detached = True
            completion = asyncio.create_task(self._complete(client, task))
            self._detached.add(completion)
            completion.add_done_callback(self._detached.discard)
            return
        task.cancel()
        await asyncio.wait({task})

    async def _complete(self, client: ClientConnection, task: asyncio.Task[None]) -> None:
        """Wait for a paid call without a client, and log it."""
        record = client.record
        try:
            await task
        except asyncio.CancelledError:
            record.error = "ABANDONED"
            raise
        except Exception as error:  # without its text, which may quote the client's body
            record.error = type(error).__name__
        finally:
            self._end(client)
