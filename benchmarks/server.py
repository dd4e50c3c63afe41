"""The server of every measurement: it sends canned responses, in a process of its own.

    python -m benchmarks.server [--certificate FILE] [--delay SECONDS]

It uses no HTTP library: it reads only the length from a request's headers, and the responses are prepared in advance,
so it takes little time itself. Responses in the formats of both versions:

    POST /v2/...                a story or a media, depending on the path
    POST /story/..., GET ...    the same story in v1's format
    GET /file/BYTES             a file of this size
    GET /v2/media/file-BYTES    a finished media whose result is /file/BYTES
    GET /connections            how many connections it has accepted
    anything else               the response of another service to a creation

Prints its port when it listens; ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import sys
from collections.abc import Mapping
from typing import Any

STORY: Mapping[str, Any] = {  # v2-story.txt: the response of idea-2-video
    "id": "abc123-def456-ghi789",
    "title": "Winter Commercial Story",
    "idea": "Create a realistic winter commercial for SkinRevive Moisturiser set in snowy mountains",
    "is_transition": False,
    "status": "new",
    "progress_percentage": 0,
    "aspect_ratio": "16:9",
    "used_credits": 300,
    "all_medias": [],
    "created_at": "2026-02-06T02:05:40.985431+00:00",
    "updated_at": "2026-02-06T02:05:40.985431+00:00",
}
MEDIA: Mapping[str, Any] = {
    "id": "abc123-def456-ghi789",
    "title": "Winter",
    "processing_status": "success",
    "result": [],
    "created_at": "2026-02-06T02:05:40.985431+00:00",
    "updated_at": "2026-02-06T02:05:40.985431+00:00",
}
# One response for all other SDKs, with the fields that each of their services sends.
JOB: Mapping[str, Any] = {
    "id": "abc123-def456-ghi789",
    "object": "video",
    "model": "a-model",
    "version": "a-version",
    "status": "processing",
    "state": "queued",
    "progress": 0,
    "seconds": "4",
    "size": "720x1280",
    "created_at": 1770343540,
    "input": {"prompt": "A whale"},
    "urls": {"get": "http://127.0.0.1/get", "cancel": "http://127.0.0.1/cancel"},
    "request_id": "abc123-def456-ghi789",
    "response_url": "http://127.0.0.1/response",
    "status_url": "http://127.0.0.1/status",
    "cancel_url": "http://127.0.0.1/cancel",
}
CHUNK = bytes(256 * 1024)


def respond(value: object) -> bytes:
    """A complete JSON response."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


V2_STORY, V2_MEDIA, V1_STORY, A_JOB = respond(STORY), respond(MEDIA), respond({"data": STORY}), respond(JOB)
FINISHED = respond({**STORY, "status": "success", "video_url": "http://127.0.0.1/video.mp4"})


class Connection(asyncio.Protocol):
    """Responds to one request after another, each time after ``delay`` seconds."""

    accepted = 0

    def __init__(self, delay: float = 0.0) -> None:
        self._delay = delay
        self._head = b""
        self._left = 0  # of a body of known length
        self._chunked = False
        self._tail = b""  # the last bytes of a chunked body, which mark its end
        self._response = b""
        self._file = 0  # bytes still to be sent of a file
        self._ready = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        Connection.accepted += 1
        self._transport = transport
        self._port = transport.get_extra_info("sockname")[1]

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._left -= len(data)
            if not self._left:
                self._reply()
            return
        if self._chunked:
            self._tail = (self._tail + data)[-5:]
            if self._tail == b"0\r\n\r\n":
                self._chunked = False
                self._reply()
            return
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if not end:
            return
        self._head = b""
        method, path, _ = head.split(b" ", 2)
        self._response = self._choose(method, path.partition(b"?")[0])
        lower = head.lower()
        at = lower.find(b"\r\ncontent-length:")
        if at >= 0:
            self._left = int(lower[at + 17 :].partition(b"\r\n")[0]) - len(rest)
            if self._left:
                return
        elif b"\r\ntransfer-encoding: chunked" in lower and not rest.endswith(b"0\r\n\r\n"):
            self._chunked, self._tail = True, rest[-5:]
            return
        self._reply()

    def _choose(self, method: bytes, path: bytes) -> bytes:
        if path == b"/connections":
            return respond(Connection.accepted)
        if path.startswith(b"/v2/"):
            if path.startswith(b"/v2/media/file-"):
                url = f"http://127.0.0.1:{self._port}/file/{path.rpartition(b'-')[2].decode()}"
                return respond({**MEDIA, "result": [url]})
            if path.startswith(b"/v2/story/done"):
                return FINISHED
            if path == b"/v2/image":
                return respond({"id": "an-asset", "results": [f"http://127.0.0.1:{self._port}/file/1"]})
            return V2_STORY if path.startswith(b"/v2/story") else V2_MEDIA
        if path.startswith(b"/file/"):
            self._file = int(path.rpartition(b"/")[2])
            return b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n" % self._file
        return V1_STORY if path.startswith(b"/story") else A_JOB

    def _reply(self) -> None:
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._send)
        else:
            self._send()

    def _send(self) -> None:
        self._transport.write(self._response)
        self._send_file()

    def _send_file(self) -> None:
        while self._file and self._ready and not self._transport.is_closing():
            chunk = CHUNK[: self._file] if self._file < len(CHUNK) else CHUNK
            self._file -= len(chunk)
            self._transport.write(chunk)

    def pause_writing(self) -> None:
        self._ready = False

    def resume_writing(self) -> None:
        self._ready = True
        self._send_file()


async def _serve(certificate: str, delay: float) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(delay), "127.0.0.1", 0, ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(description="A server with canned responses.")
    parser.add_argument(
        "--certificate", default="", help="use TLS with this PEM file, which has the key and the certificate"
    )
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each response")
    options = parser.parse_args()
    asyncio.run(_serve(options.certificate, options.delay))


if __name__ == "__main__":
    main()
