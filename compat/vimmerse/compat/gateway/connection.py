"""The connection to a client, for one request: every wait for the client has a limit, and so has the body's size."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send
from vimmerse.compat.core.messages import Headers
from vimmerse.compat.gateway.access_log import AccessRecord
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.responses import GatewayResponse, RequestRejected, decode_headers, encode_headers

_DRAIN_TIMEOUT = 2.0  # seconds


class ClientDisconnected(Exception):
    """The client has closed the connection, or does not read its response."""


class ClientConnection:
    """Receives one request's body and sends its response."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, config: GatewayConfig, record: AccessRecord) -> None:
        self.scope = scope
        self.record = record
        self.headers = decode_headers(scope["headers"])
        length = next((value for name, value in self.headers if name.lower() == "content-length"), "")
        self.content_length = int(length) if length.isdecimal() and length.isascii() else 0
        self.is_chunked = any(name.lower() == "transfer-encoding" for name, _ in self.headers)
        self.deprecation = Headers()  # for the response to a v1 call
        self.memory = 0  # bytes that its body has taken from the gateway's BodyStorage
        self.detached = False  # the call completes without the client
        self.commit_after_body = False  # the call must complete once its body has arrived
        self._receive = receive
        self._send = send
        self._config = config
        self._deadline = asyncio.get_running_loop().time() + config.request_timeout
        self._body_complete = False
        self._body_unwanted = asyncio.Event()
        self._stalled = False
        self._response_started = False

    # The request

    def check_content_length(self) -> None:
        """Raise :class:`RequestRejected` if the announced body is too large, before anything is read."""
        if self.content_length > self._config.max_body:
            raise self._too_large()

    async def body(self) -> AsyncGenerator[bytes, None]:
        """The request's body, once. Raises :class:`ClientDisconnected` and :class:`RequestRejected`."""
        loop = asyncio.get_running_loop()
        while not self._body_complete:
            try:
                async with asyncio.timeout_at(min(loop.time() + self._config.body_timeout, self._deadline)):
                    message = await self._receive()
            except TimeoutError:
                raise self._too_slow() from None
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            chunk: bytes = message.get("body", b"")
            if not message.get("more_body", False):
                self._body_complete = True
                self.record.committed |= self.commit_after_body
                self.stop_reading()
            self.record.bytes_in += len(chunk)
            if self.record.bytes_in > self._config.max_body:
                raise self._too_large()
            del message  # it holds the chunk, and the next one may be a long time coming
            if chunk:
                yield chunk
            del chunk

    def _too_slow(self) -> RequestRejected:
        config = self._config
        if asyncio.get_running_loop().time() >= self._deadline:
            detail = f"The request did not arrive within {config.request_timeout:g} seconds."
        else:
            self._stalled = True
            detail = f"The next part of the body did not arrive within {config.body_timeout:g} seconds."
        return RequestRejected(408, "REQUEST_TIMEOUT", detail)

    def _too_large(self) -> RequestRejected:
        return RequestRejected(413, "BODY_TOO_LARGE", f"The body has more than {self._config.max_body} bytes.")

    def stop_reading(self) -> None:
        """The rest of the body is not needed, so :meth:`wait_for_disconnect` may drop it."""
        self._body_unwanted.set()

    async def wait_for_disconnect(self) -> None:
        """Return once the client has closed the connection. Begins after :meth:`stop_reading`."""
        await self._body_unwanted.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    # The response

    async def respond(self, response: GatewayResponse) -> None:
        """Send a response that is not streamed. Raises :class:`ClientDisconnected`."""
        await self.start_response(response)
        await self.send_body(response.body, more=response.close)
        if response.close:
            if not self._stalled:
                await self._drain()
            await self.send_body(b"", more=False)

    async def respond_with_error(self, response: GatewayResponse) -> None:
        """Send an error, unless it is too late for that."""
        if not self._response_started:
            with suppress(ClientDisconnected):
                await self.respond(response)

    async def start_response(self, response: GatewayResponse) -> None:
        """Send status and headers. Raises :class:`ClientDisconnected`."""
        self._response_started = True
        self.record.status = response.status
        # Ours replace the API's, except for Link, which is a list.
        replaced = {name for name, _ in self.deprecation} - {"link"}
        headers = [pair for pair in response.headers if pair[0].lower() not in replaced]
        headers += [*self.deprecation, *([("connection", "close")] if response.close else [])]
        start = {"type": "http.response.start", "status": response.status, "headers": encode_headers(headers)}
        await self._send_message(start)

    async def send_body(self, chunk: bytes, *, more: bool) -> None:
        """Send a part of the body. Raises :class:`ClientDisconnected`."""
        self.record.bytes_out += len(chunk)
        await self._send_message({"type": "http.response.body", "body": chunk, "more_body": more})

    async def _send_message(self, message: Message) -> None:
        try:
            async with asyncio.timeout(self._config.send_timeout):
                await self._send(message)
        except TimeoutError:
            self.record.error = "SEND_TIMEOUT"
            raise ClientDisconnected from None
        except OSError:  # not from uvicorn, but from other servers
            raise ClientDisconnected from None

    async def _drain(self) -> None:
        """Drop what still arrives, for a short while: a client that is sending does not read the response."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_TIMEOUT):
                while not self._body_complete:
                    message = await self._receive()
                    self._body_complete = message["type"] == "http.disconnect" or not message.get("more_body", False)
