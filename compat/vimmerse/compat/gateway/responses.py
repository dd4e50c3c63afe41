"""What the gateway sends back to clients.

* Every error has v1's format: ``{"message": code, "detail": text, "code": code}``.
* Headers keep their order, duplicates and bytes (as Latin-1). Hop-by-hop headers are not forwarded.
* A notice in a header is one line of printable ASCII of bounded length.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date
from email.utils import format_datetime, formatdate

import httpx
from vimmerse.compat.core.messages import Headers, Notice, Pairs
from vimmerse.compat.gateway.config import DEPRECATED, moment

GUIDE_PATH, GUIDE_TYPE = "/migration-guide", "text/markdown"
NOTICE_HEADER = "x-vimmerse-notice"
# Together about 2 KB: proxies often have room for 4 KB of headers.
_MAX_NOTICES = 8
_MAX_NOTICE_LENGTH = 250
_NOTICE_ORDER = ("paid", "failed", "passthrough", "lossy", "deprecated")
#: RFC 9110, section 7.6.1: they describe one connection, not the message.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
#: Headers for all recipients, which ``Connection`` must not name (RFC 9110, section 7.6.1): they frame the message, or
#: say whose it is and where it goes.
END_TO_END = re.compile(
    r"(content|accept|if|sec|x-forwarded|access-control)-.+|x-gateway-token|x-api-key|authorization|www-authenticate"
    r"|cookie|set-cookie|host|expect|date|origin|referer|user-agent|range|accept|accept-ranges|cache-control|etag|vary"
    r"|location|retry-after|idempotency-key|forwarded|via|x-real-ip|transfer-encoding"
)


@dataclass(slots=True)
class GatewayResponse:
    """A response to send. If ``upstream`` is set, the body is that response's stream."""

    status: int
    headers: Headers
    body: bytes = field(default=b"", repr=False)
    upstream: httpx.Response | None = field(default=None, repr=False)
    close: bool = False  # the connection to the client


def json_response(status: int, content: object, headers: Pairs = (), *, close: bool = False) -> GatewayResponse:
    """A response of the gateway's own."""
    body = json.dumps(content).encode()
    framing = [("content-type", "application/json"), ("content-length", str(len(body)))]
    return GatewayResponse(status, Headers([*framing, ("date", formatdate(usegmt=True)), *headers]), body, close=close)


def error_response(
    status: int, code: str, detail: str, created_ids: Iterable[str] = (), headers: Pairs = (), *, close: bool = False
) -> GatewayResponse:
    """An error of the gateway's own, in v1's format: v1's ``message`` is the code."""
    content: dict[str, object] = {"message": code, "detail": detail, "code": code}
    if ids := list(created_ids):
        content["created_ids"] = ids
    return json_response(status, content, headers, close=close)


class RequestRejected(Exception):
    """The gateway rejects a request. The connection ends, since the rest of the request is not read."""

    def __init__(self, status: int, code: str, detail: str, headers: Pairs = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.response = error_response(status, code, detail, (), headers, close=True)


def connection_options(headers: Pairs) -> set[str]:
    """The names in ``Connection``, in lower case."""
    values = [value for name, value in headers if name.lower() == "connection"]
    return {option.strip().lower() for value in values for option in value.split(",")}


def end_to_end_headers(headers: Pairs) -> Headers:
    """The headers without the hop-by-hop ones, including those that ``Connection`` names and may name."""
    dropped = _HOP_BY_HOP | {name for name in connection_options(headers) if not END_TO_END.fullmatch(name)}
    return Headers([(name, value) for name, value in headers if name.lower() not in dropped])


def deprecation_headers(sunset: date | None, link: str) -> Headers:
    """The headers about v1's deprecation (RFC 9745, and RFC 8594 if there is a date).

    ``link``: the URL of a page; empty for the guide that the gateway serves.
    """
    target, kind = (link, "text/html") if link else (GUIDE_PATH, GUIDE_TYPE)
    about = ("link", f'<{target}>; rel="deprecation"; type="{kind}"')
    headers = Headers([("deprecation", f"@{DEPRECATED.timestamp():.0f}"), about])
    if sunset is None:
        return headers
    return headers.adding(("sunset", format_datetime(moment(sunset).astimezone(UTC), usegmt=True)))


def notice_headers(notices: Iterable[Notice]) -> list[tuple[str, str]]:
    """A header ``kind: text`` for each notice, losses first. After eight of them, one says how many more there are."""
    ordered = sorted(notices, key=lambda notice: _NOTICE_ORDER.index(notice.kind))
    lines = [f"{notice.kind}: {notice}" for notice in ordered[:_MAX_NOTICES]]
    if len(ordered) > _MAX_NOTICES:
        lines.append(f"and {len(ordered) - _MAX_NOTICES} more")
    return [(NOTICE_HEADER, _header_value(text)) for text in lines]


def _header_value(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in text).encode("ascii", "backslashreplace").decode()
    return line if len(line) <= _MAX_NOTICE_LENGTH else line[: _MAX_NOTICE_LENGTH - 3] + "..."


def encode_headers(headers: Pairs) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def decode_headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return Headers([(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in headers])
