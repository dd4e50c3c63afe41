"""uvicorn with the gateway's limits.

* A request head has a limit of size and of time. If it exceeds one, the response has v1's format.
* Invalid HTTP ends the connection.
* On shutdown, the server accepts no new connections, lets running requests complete, and waits for paid calls.
"""

import asyncio
import signal
import sys
from contextlib import suppress
from http import HTTPStatus
from types import FrameType
from typing import Any

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.responses import RequestRejected, encode_headers

# Bytes that asyncio reads at once. With its own 256 KiB, many uploads that arrive together take twice the memory.
_READ_SIZE = 32 * 1024


def _protocol(config: GatewayConfig) -> type[H11Protocol]:
    class Protocol(H11Protocol):
        """uvicorn's HTTP protocol, with a timeout for request heads, and errors in v1's format."""

        head_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
            super().connection_made(transport)
            with suppress(AttributeError):  # a transport of another event loop
                transport.max_size = _READ_SIZE  # type: ignore[attr-defined]
            self._update_timer()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_timer()
            super().connection_lost(exc)

        def handle_events(self) -> None:
            super().handle_events()
            self._update_timer()

        def _update_timer(self) -> None:
            """The timer runs while a head is incomplete; between two requests uvicorn's keep-alive timer does."""
            expecting_head = self.conn.their_state is h11.IDLE
            head_started = self.cycle is None or bool(self.conn.trailing_data[0])
            if not expecting_head or not head_started or self.transport.is_closing():
                self._stop_timer()
            elif self.head_timer is None:
                self.head_timer = self.loop.call_later(config.header_timeout, self._head_too_slow)

        def _stop_timer(self) -> None:
            if self.head_timer is not None:
                self.head_timer.cancel()
                self.head_timer = None

        def _head_too_slow(self) -> None:
            self.head_timer = None
            if self.conn.trailing_data[0]:
                detail = f"The request's headers did not arrive within {config.header_timeout:g} seconds."
                self._reject(408, "REQUEST_TIMEOUT", detail)
            else:
                self.transport.close()

        def send_400_response(self, msg: str) -> None:
            """Called by uvicorn while it handles an error of h11; that error says what is wrong."""
            error = sys.exception()
            if isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431:
                detail = f"Request line and headers have more than {config.max_header} bytes."
                self._reject(431, "HEADERS_TOO_LARGE", detail)
            else:
                self._reject(400, "BAD_REQUEST", "This is not a valid HTTP request.")

        def _reject(self, status: int, code: str, detail: str) -> None:
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):  # no response has been started
                response = RequestRejected(status, code, detail).response
                headers = encode_headers(response.headers.adding(("connection", "close")))
                reason = HTTPStatus(status).phrase.encode()
                for event in (
                    h11.Response(status_code=status, headers=headers, reason=reason),
                    h11.Data(data=response.body),
                    h11.EndOfMessage(),
                ):
                    self.transport.write(self.conn.send(event) or b"")
            self.transport.close()

    return Protocol


class Server(uvicorn.Server):
    """Exits with status 0 after a signal, and notifies the app when the shutdown begins."""

    async def shutdown(self, *args: Any, **kwargs: Any) -> None:  # uvicorn's versions have different arguments
        self.config.app.state.gateway.stop()  # type: ignore[union-attr]  # it is the Starlette app
        await super().shutdown(*args, **kwargs)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """As uvicorn's, which also raises the signal again at the end. A second Ctrl+C stops at once."""
        self.force_exit |= self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def make_server(app: Starlette, config: GatewayConfig) -> Server:
    """A server for an app that ``create_app`` has made with the same ``config``. Run it with ``run(sockets=[...])``."""
    settings = uvicorn.Config(
        app,
        http=_protocol(config),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        h11_max_incomplete_event_size=config.max_header,
        timeout_keep_alive=config.keep_alive_timeout,
        timeout_graceful_shutdown=config.shutdown_timeout,
    )
    return Server(settings)
