"""What goes back to the caller.

Laws:

* An error has v1's shape, whoever made it: ``{"message": code, "detail": text, "code": code}``.
* Headers are pairs of bytes, in order, duplicates kept; what belongs to one connection alone does not pass.
* A notice in a header is one line of printable ASCII of bounded length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from email.utils import format_datetime, formatdate

import httpx
from vimmerse.compat.core.messages import Headers, Notice
from vimmerse.compat.gateway.config import DEPRECATED, moment
from vimmerse.compat.gateway.guide import MEDIA_TYPE as GUIDE_TYPE
from vimmerse.compat.gateway.guide import PATH as GUIDE_PATH

Pairs = list[tuple[bytes, bytes]]

NOTICE_HEADER = b"x-vimmerse-notice"
# Together about 2 KB: proxies often have room for 4 KB of headers.
_NOTICES = 8
_NOTICE_LENGTH = 250
_FIRST = ("paid", "failed", "passthrough", "lossy", "deprecated")
#: RFC 9110, section 7.6.1: of one connection, not of the message.
_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
#: What ``Connection`` can't make a header of one connection alone: what frames the message, says whose it is and where
#: it goes (RFC 9110, section 7.6.1: a field for all recipients must not be named there).
_ESSENTIAL = re.compile(
    rb"(content|accept|if|sec|x-forwarded|access-control)-.+|x-gateway-token|x-api-key|authorization|www-authenticate"
    rb"|cookie|set-cookie|host|expect|date|origin|referer|user-agent|range|accept|accept-ranges|cache-control|etag|vary"
    rb"|location|retry-after|idempotency-key|forwarded|via|x-real-ip|transfer-encoding"
)


def essential(name: bytes) -> bool:
    """Whether a header's name, in lower case, is of the message and can't be of one connection."""
    return _ESSENTIAL.fullmatch(name) is not None


@dataclass(slots=True)
class Reply:
    """An answer that is ready to be sent. Where ``native`` is set, the body is the stream of that response."""

    status: int
    headers: Pairs
    body: bytes = field(default=b"", repr=False)
    native: httpx.Response | None = field(default=None, repr=False)
    close: bool = False  # end the connection afterwards


class Refused(Exception):
    """A request that the gateway itself answers with an error."""

    def __init__(self, status: int, code: str, detail: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = tuple(headers)

    def reply(self) -> Reply:
        """The error as an answer. The rest of the request's body is not wanted, so the connection ends."""
        return error(self.status, payload(self.code, self.detail), self.headers, close=True)


def payload(code: str, detail: str, created_ids: Iterable[str] = ()) -> dict[str, object]:
    """An error of the gateway's own in v1's shape: v1's ``message`` is the code."""
    made: dict[str, object] = {"message": code, "detail": detail, "code": code}
    if ids := list(created_ids):
        made["created_ids"] = ids
    return made


def error(
    status: int, content: Mapping[str, object], headers: Iterable[tuple[str, str]] = (), *, close: bool = False
) -> Reply:
    """An answer that is JSON of our own making."""
    body = json.dumps(content).encode()
    pairs: Pairs = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"date", formatdate(usegmt=True).encode()),
    ]
    pairs.extend((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
    return Reply(status, pairs, body, close=close)


def options(headers: Iterable[tuple[bytes, bytes]]) -> set[bytes]:
    """What ``Connection`` names, in lower case."""
    return {
        token.strip().lower() for name, value in headers if name.lower() == b"connection" for token in value.split(b",")
    }


def end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """The headers without those of one connection, the ones that ``Connection`` names included.

    It can't name one that the message itself needs: those stay.
    """
    pairs = list(headers)
    dropped = _HOP_BY_HOP | {name for name in options(pairs) if not essential(name)}
    return [(name, value) for name, value in pairs if name.lower() not in dropped]


def deprecation(sunset: date | None, link: str) -> Pairs:
    """What every answer to a v1 call says of v1: RFC 9745, and RFC 8594 where a day is set.

    ``link``: the URL of a page; empty for the guide that the gateway serves.
    """
    target, kind = (link, "text/html") if link else (GUIDE_PATH, GUIDE_TYPE)
    found: Pairs = [
        (b"deprecation", f"@{DEPRECATED.timestamp():.0f}".encode()),
        (b"link", f'<{target}>; rel="deprecation"; type="{kind}"'.encode()),
    ]
    if sunset is not None:
        found.append((b"sunset", format_datetime(moment(sunset).astimezone(UTC), usegmt=True).encode()))
    return found


def with_deprecation(headers: Pairs, own: Pairs) -> Pairs:
    """The headers with our own about v1's end, which take the place of others' (but for ``Link``, a list)."""
    names = {name for name, _ in own} - {b"link"}
    return [*(pair for pair in headers if pair[0].lower() not in names), *own] if own else headers


def encoded(headers: Headers) -> Pairs:
    """Header pairs as they go over the wire."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def decoded(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Header pairs as the core has them."""
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])


def notice_headers(notices: Iterable[Notice]) -> Pairs:
    """One header a notice, ``kind: text``, losses first; past 8 of them, one that tells how many more there are."""
    found = sorted(notices, key=lambda notice: _FIRST.index(notice.kind))
    lines = [f"{notice.kind}: {notice}" for notice in found[:_NOTICES]]
    if len(found) > _NOTICES:
        lines.append(f"and {len(found) - _NOTICES} more")
    return [(NOTICE_HEADER, _line(text)) for text in lines]


def _line(text: str) -> bytes:
    line = "".join(char if char.isprintable() else " " for char in text).encode("ascii", "backslashreplace")
    return line if len(line) <= _NOTICE_LENGTH else line[: _NOTICE_LENGTH - 3] + b"..."
