"""The results: small real files, served from an origin of their own, as a storage host would.

Ranges, ETags, Last-Modified and HEAD work, so downloads can be resumed. A video may be padded to any size with
an MP4 ``free`` box, which players skip; the padding is generated while it is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pkgutil import get_data
from urllib.parse import unquote

from vimmerse.emulator.records import RecordedRequest
from vimmerse.emulator.responses import Response, content_response

_CHUNK = 64 * 1024
_MODIFIED = "Tue, 01 Apr 2025 18:57:37 GMT"  # any fixed time
_TYPES = {"mp4": "video/mp4", "png": "image/png", "gif": "image/gif", "mp3": "audio/mpeg"}


@cache
def sample(extension: str) -> bytes:
    """The sample file that ships with the package: ``mp4``, ``png``, ``gif`` or ``mp3``."""
    return get_data("vimmerse.emulator", f"data/sample.{extension}") or b""


@dataclass(frozen=True, slots=True)
class ServedFile:
    """A file: some content, then ``padding`` zero bytes."""

    content: bytes = field(repr=False)
    content_type: str
    padding: int = 0

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.content) + self.padding

    @property
    def etag(self) -> str:
        import hashlib  # OpenSSL takes long to load

        digest = hashlib.sha256(self.content)
        digest.update(str(self.padding).encode())
        return f'"{digest.hexdigest()[:32]}"'

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``stop``, in pieces of at most 64 KiB."""
        stop = self.size if stop is None else stop
        zeros = bytes(_CHUNK)
        position = start
        while position < stop:
            if position < len(self.content):
                piece = self.content[position : min(stop, position + _CHUNK)]
            else:
                piece = zeros[: min(_CHUNK, stop - position)]
            yield piece
            position += len(piece)


def video(label: str, size: int | None = None) -> ServedFile:
    """A playable MP4 that differs from that of any other label; ``size`` pads it, in bytes."""
    mark = label.encode()
    base = sample("mp4")
    # One free box holds the label, and the padding if there is any.
    padding = max(0, (size or 0) - len(base) - len(mark) - 16)
    total = 16 + len(mark) + padding
    box = (1).to_bytes(4, "big") + b"free" + total.to_bytes(8, "big") + mark  # 1: the long form, 64-bit length
    return ServedFile(base + box, "video/mp4", padding)


def sample_file(extension: str) -> ServedFile:
    """The sample picture, animation or sound."""
    return ServedFile(sample(extension), _TYPES[extension])


class Files:
    """The files by path, and the responses to requests for them."""

    def __init__(self) -> None:
        self._files: dict[str, ServedFile] = {}
        self.base_url = ""

    def add(self, path: str, file: ServedFile) -> str:
        """Serve a file at a path; returns its URL."""
        self._files[path] = file
        return self.base_url + path

    def get(self, url: str) -> ServedFile | None:
        """The file at a URL of this host or at a path."""
        return self._files.get(url.removeprefix(self.base_url))

    def clear(self) -> None:
        self._files.clear()

    def serve(self, request: RecordedRequest) -> Response:
        """The response of the files' origin."""
        if request.method not in ("GET", "HEAD"):
            return content_response(405, "text/plain", b"Method Not Allowed", {"Allow": "GET, HEAD"})
        file = self._files.get(unquote(request.path))
        if file is None:
            return content_response(404, "text/plain", b"No such file.", {})
        etag = file.etag
        headers = {
            "Accept-Ranges": "bytes",
            "ETag": etag,
            "Last-Modified": _MODIFIED,
            "Content-Type": file.content_type,
        }
        if etag in request.header("if-none-match", ""):
            return Response(304, headers)
        start, stop, status = 0, file.size, 200
        wanted = request.header("range", "")
        if wanted and request.header("if-range", etag) in (etag, _MODIFIED):
            bounds = parse_range(wanted, file.size)
            if bounds is not None:
                start, stop = bounds
                if start >= stop:
                    return Response(416, headers | {"Content-Range": f"bytes */{file.size}", "Content-Length": "0"})
                status = 206
                headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
        headers["Content-Length"] = str(stop - start)
        return Response(status, headers, file.chunks(start, stop))


def parse_range(value: str, size: int) -> tuple[int, int] | None:
    """``bytes=a-b`` as (first, one past the last); equal or crossed ends can't be satisfied.

    None if it is to be ignored: another unit, several ranges, not a range at all (RFC 9110, section 14.2).
    """
    # Python refuses to read thousands of digits, which no size has.
    match = re.fullmatch(r"bytes=\s*([0-9]{0,20})-([0-9]{0,20})\s*", value.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        count = int(last)
        return (max(0, size - count), size) if count else (size, size)
    start = int(first)
    if last and int(last) < start:
        return None
    stop = min(size, int(last) + 1) if last else size
    return (start, stop) if start < size else (size, size)
