"""uvicorn, as the gateway needs it.

Laws:

* A request head has a limit of size and of time, and both are answered in v1's shape.
* What is no HTTP gets no second reading: the connection ends.
* Told to stop, the server takes no new connections, lets requests under way end, and stands by paid calls.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, cast

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.replies import Pairs, Refused

# Where there are such: a terminal that is closed, and Ctrl+\, end the gateway as SIGTERM does, paid calls told of.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
_RECEIVED = 512 * 1024  # bytes at once; asyncio's own limit is half of that, and has them allocated anew each time
_HEAP = 4 * 1024 * 1024


def _protocol(config: GatewayConfig) -> type[H11Protocol]:
    # One for all connections: what has come in is taken out before anybody else's turn.
    buffer = memoryview(bytearray(_RECEIVED))

    class Protocol(H11Protocol, asyncio.BufferedProtocol):
        """uvicorn's HTTP protocol with a clock on request heads, and v1-shaped answers to bad ones."""

        head_timer: asyncio.TimerHandle | None = None

        def get_buffer(self, sizehint: int) -> memoryview:
            return buffer

        def buffer_updated(self, nbytes: int) -> None:
            self.data_received(buffer[:nbytes])

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
            super().connection_made(transport)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._unwatch()
            super().connection_lost(exc)

        def data_received(self, data: bytes | memoryview) -> None:
            super().data_received(data)  # type: ignore[arg-type]  # it is h11's, which copies anything like bytes
            self._watch()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._watch()

        def _watch(self) -> None:
            """The clock runs while a head is incomplete; between two requests it is uvicorn's keep-alive clock."""
            waiting = self.conn.their_state is h11.IDLE
            begun = self.cycle is None or bool(self.conn.trailing_data[0])
            if not waiting or not begun or self.transport.is_closing():
                self._unwatch()
            elif self.head_timer is None:
                self.head_timer = self.loop.call_later(config.header_timeout, self._too_slow)

        def _unwatch(self) -> None:
            if self.head_timer is not None:
                self.head_timer.cancel()
                self.head_timer = None

        def _too_slow(self) -> None:
            self.head_timer = None
            if self.conn.trailing_data[0]:
                detail = f"The request's headers did not come in {config.header_timeout:g} seconds."
                self._refuse(Refused(408, "REQUEST_TIMEOUT", detail))
            else:
                self.transport.close()

        def send_400_response(self, msg: str) -> None:
            """uvicorn calls this while it handles h11's error, which says what is wrong."""
            cause = sys.exception()
            status = cause.error_status_hint if isinstance(cause, h11.RemoteProtocolError) else 400
            if status == 431:
                detail = f"Request line and headers have more than {config.max_header} bytes."
                self._refuse(Refused(431, "HEADERS_TOO_LARGE", detail))
            else:
                self._refuse(Refused(400, "BAD_REQUEST", "This is no valid HTTP request."))

        def _refuse(self, refused: Refused) -> None:
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):  # else an answer is under way: it stays half
                reply = refused.reply()
                headers: Pairs = [*reply.headers, (b"connection", b"close")]
                for event in (
                    h11.Response(
                        status_code=reply.status, headers=headers, reason=HTTPStatus(reply.status).phrase.encode()
                    ),
                    h11.Data(data=reply.body),
                    h11.EndOfMessage(),
                ):
                    self.transport.write(self.conn.send(event) or b"")
            self.transport.close()

    return Protocol


class Server(uvicorn.Server):
    """A server that ends with status 0 when it is told to, and tells the app when that was."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, *args: Any, **kwargs: Any) -> None:
        """As uvicorn's own; the arguments differ between its versions."""
        self._stopping()
        await super().shutdown(*args, **kwargs)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's own, which raises the signal again at the end. A second Ctrl+C forces the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # A signal that is ignored stays so: nohup means it. Not the first two, which shells ignore for their own ends.
        numbers = [*_SIGNALS[:2], *(one for one in _SIGNALS[2:] if signal.getsignal(one) is not signal.SIG_IGN)]
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _keep_memory() -> None:
    """Let pieces of a stream be allocated where the pieces before them were.

    glibc gives the end of its heap back to the kernel whenever more than 128 KiB of it are free: so after each piece,
    and the next one is paid for with page faults. It gets more patient once a large block was freed, up to twice that
    block's size (``M_MMAP_THRESHOLD`` in mallopt(3)). The block itself is never touched, and so never takes memory.
    """
    bytes(_HEAP)


def make_server(app: Starlette, config: GatewayConfig) -> Server:
    """A server for an app of ``create_app``, made with the same ``config``. Run it with ``run(sockets=[...])``."""
    _keep_memory()
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
    return Server(settings, cast("Callable[[], None]", app.state.gateway.stop))
