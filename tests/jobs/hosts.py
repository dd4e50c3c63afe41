"""A fake file host with configurable failures."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator

import httpx

from tests.jobs.callers import Service

URL = "https://files.example/videos/video.mp4?X-Signature=s3cret"
CONTENT = bytes(range(256)) * 40  # 10240 bytes


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in pieces; an exception among them is raised in its place."""

    def __init__(self, pieces: Iterable[bytes | BaseException]) -> None:
        self.pieces = pieces
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


class Host(Service):
    """Serves ``content``.

    ``cuts``: after how many bytes each response is cut off; the responses after them are complete.
    ``ranges``: whether it supports them. ``headers``: replace those of every response; None removes one.
    """

    def __init__(
        self,
        content: bytes = CONTENT,
        *,
        cuts: Iterable[int] = (),
        ranges: bool = True,
        headers: dict[str, str | None] | None = None,
        piece: int = 1000,
    ) -> None:
        super().__init__([self.serve])
        self.content = content
        self.cuts = list(cuts)
        self.ranges = ranges
        self.headers = headers or {}
        self.piece = piece
        self.bodies: list[Pieces] = []

    def serve(self, request: httpx.Request) -> httpx.Response:
        headers: dict[str, str | None] = {"ETag": '"one"', "Content-Type": "video/mp4"}
        start, status = 0, 200
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        if match and self.ranges and request.headers.get("if-range") == {**headers, **self.headers}["ETag"]:
            start, status = int(match[1]), 206
            headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        rest = self.content[start:]
        headers["Content-Length"] = str(len(rest))
        headers |= self.headers
        return self.respond(status, {name: value for name, value in headers.items() if value is not None}, rest)

    def respond(self, status: int, headers: dict[str, str], rest: bytes) -> httpx.Response:
        kept = rest
        error: list[BaseException] = []
        if self.cuts:
            kept, error = rest[: self.cuts.pop(0)], [httpx.ReadError("reset by peer")]
        pieces = [kept[at : at + self.piece] for at in range(0, len(kept), self.piece)]
        body = Pieces([*pieces, *error])
        self.bodies.append(body)
        return httpx.Response(status, headers=headers, stream=body)

    def requested(self, name: str) -> list[str | None]:
        """A header of each request."""
        return [request.headers.get(name) for request in self.requests]
