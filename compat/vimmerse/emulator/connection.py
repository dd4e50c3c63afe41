"""HTTP/1.1 over a connection: h11 on asyncio's streams, in front of an ASGI app.

uvicorn does the same for the gateway. Importing it takes as long as all that an emulator does until its first response.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import h11

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_PIECE = 64 * 1024
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_HEADERS = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]

_logger = logging.getLogger("vimmerse.emulator")


class Connection:
    """One client's connection: it serves its requests one after another."""

    def __init__(self, app: ASGIApp, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._app = app
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_PIECE)
        self._method = b""

    async def serve(self) -> None:
        """Serve requests until one side closes the connection. Raises nothing but cancellation."""
        http = self._http
        try:
            while isinstance(request := await self._next_event(), h11.Request):
                self._method = request.method
                await self._app(self._scope(request), self._receive, self._send)
                if http.our_state is not h11.DONE or http.their_state is not h11.DONE:
                    break
                http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            await self._refuse(error.error_status_hint, "Invalid HTTP request received.")
        except OSError:
            pass  # the client closed the connection before it had the entire response
        except Exception:
            _logger.exception("A request failed")
            await self._refuse(500, "Internal Server Error")
        finally:
            self._writer.close()

    def _scope(self, request: h11.Request) -> MutableMapping[str, Any]:
        path, _, query = request.target.partition(b"?")
        return {
            "type": "http",
            "method": request.method.decode("ascii"),
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "headers": list(request.headers),
            "state": {"transport": self._writer.transport},
        }

    async def _next_event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._write(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self._read())
        return event

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(_PIECE)
        except OSError:
            return b""

    async def _receive(self) -> Message:
        if self._http.their_state is h11.SEND_BODY:
            try:
                event = await self._next_event()
            except h11.RemoteProtocolError as error:
                await self._refuse(error.error_status_hint, "Invalid HTTP request received.")
                return {"type": "http.disconnect"}
            body = bytes(event.data) if isinstance(event, h11.Data) else None
            return {"type": "http.request", "body": body or b"", "more_body": body is not None}
        while await self._read():
            pass  # the next request is served after this one; here the app asks whether the client has disconnected
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            status = message["status"]
            reason = _REASONS.get(status, "")
            await self._write(h11.Response(status_code=status, headers=message["headers"], reason=reason))
            return
        body = b"" if self._method == b"HEAD" else message.get("body", b"")
        await self._write(h11.Data(data=body))
        if not message.get("more_body"):
            await self._write(h11.EndOfMessage())

    async def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()

    async def _refuse(self, status: int, text: str) -> None:
        """Send an error without the app, unless a response has begun or nobody is there."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            try:
                await self._send({"type": "http.response.start", "status": status, "headers": _HEADERS})
                await self._send({"type": "http.response.body", "body": text.encode()})
            except OSError:
                pass
