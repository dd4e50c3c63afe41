"""Every setting of the gateway: :class:`GatewayConfig`. How calls are translated is the :class:`Policy`'s."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from typing import Literal
from urllib.parse import urlsplit

TOKEN = "VIMMERSE_GATEWAY_TOKEN"
KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

SupplyKey = Literal["never", "status", "always"]

_LEAST_TOKEN = 16  # characters; a shorter one can be guessed over a network
_AT_LEAST_ONE = ("max_body", "max_answer", "max_header", "max_connections", "max_concurrency", "max_downloads")
#: Since when v1 is deprecated, as every answer to a v1 call says. The vendor's pages give no date, so it is the day on
#: which version 0.1 of this package was begun: ``notices.DEPRECATIONS`` has v1 deprecated since 0.1.
DEPRECATED = datetime(2026, 11, 20, tzinfo=UTC)
_HOST = re.compile(r"[^\s/@?#\\:\[\]]+")
_LINK = re.compile(r"https?://[!#-;=?-~]+")  # what may stand between < and > of a Link header


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """How the gateway serves. Immutable. Sizes in bytes, times in seconds.

    Where it listens, and for whom:

    ``host``, ``port``: the address; port 0 lets the operating system pick.
    ``token``: what callers must present, as ``X-Gateway-Token`` or ``Authorization: Bearer``; at least 16 printable
    ASCII characters. None: no token. It is never sent on.
    ``supply_key``: for which calls that bring no ``X-Api-Key`` of their own the owner's key is used: ``"status"``
    (v1's status route, which needed none), ``"never"``, or ``"always"`` (every v1 call). ``"always"`` on an address
    that is not loopback needs a ``token``.

    What comes in:

    ``max_body``: of one request's body; above it 413. The default is above what the API takes, so that it
    is the API that refuses.
    ``max_header``: request line and headers together; above it 431.
    ``header_timeout``: from the connection, or the first byte of a later request, to the end of the headers; then 408.
    ``body_timeout``: between two pieces of a body; then 408.
    ``request_timeout``: for a request's body altogether; then 408.
    ``keep_alive_timeout``: how long an idle connection is kept.
    ``max_concurrency``: requests at work at the same time, downloads of results not counted; above it 503. None is
    unlimited.
    ``max_downloads``: results that are fetched at the same time, over connections of their own; above it 503.

    What goes out:

    ``connect_timeout``, ``read_timeout``, ``write_timeout``: of the API's connections; ``read_timeout`` and
    ``write_timeout`` between two pieces.
    ``pool_timeout``: how long a call waits for one of ``max_connections``; then 503.
    ``max_keepalive_connections``, ``keepalive_expiry``: how many idle connections to the API are kept, how long.
    ``proxy``: the URL of a forward proxy on the way to the API and to the hosts of results. It resolves their names
    itself, so it is for the proxy to keep away from addresses that only names which it alone can resolve lead to.
    ``result_hosts``: hosts of results that may have any address. Others must have a public one, unless the base URL's
    host is itself an address that is not public.
    ``max_answer``: of a JSON answer, decoded, that is translated; above it 502. Streamed answers have no limit.
    ``send_timeout``: how long a caller may stall while an answer is sent.

    What is told:

    ``notice_header``: one ``X-Vimmerse-Notice`` for each notice about a call.
    ``sunset``: the day, or the moment, when v1 will go: a ``Sunset`` header on every answer to a v1 call. None: no such
    header. (``Deprecation`` is on every one of them.)
    ``deprecation_link``: the URL of the page about it, as ``Link: <...>; rel="deprecation"``. Empty: the migration
    guide, which the gateway serves itself.
    ``access_log``: one JSON line a request, logger ``vimmerse.gateway.access``.

    At the end:

    ``shutdown_timeout``: how long requests under way may take once the gateway is told to stop; whole seconds.
    ``paid_shutdown_timeout``: the same for paid calls whose answer nobody waits for any more.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = field(default=None, repr=False)
    supply_key: SupplyKey = "status"

    max_body: int = 4 * GIB
    max_header: int = 32 * KIB
    header_timeout: float = 15.0
    body_timeout: float = 60.0
    request_timeout: float = 3600.0
    keep_alive_timeout: int = 75
    max_concurrency: int | None = 256
    max_downloads: int = 128

    connect_timeout: float = 10.0
    read_timeout: float = 300.0
    write_timeout: float = 60.0
    pool_timeout: float = 30.0
    max_connections: int = 200
    max_keepalive_connections: int = 50
    keepalive_expiry: float = 5.0
    proxy: str | None = field(default=None, repr=False)  # may hold credentials
    result_hosts: tuple[str, ...] = ()
    max_answer: int = 64 * MIB
    send_timeout: float = 300.0

    notice_header: bool = True
    sunset: date | None = None
    deprecation_link: str = ""
    access_log: bool = True

    shutdown_timeout: int = 30
    paid_shutdown_timeout: float = 120.0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port is {self.port}; it must be between 0 and 65535")
        if self.supply_key not in ("never", "status", "always"):
            raise ValueError(f"supply_key is {self.supply_key!r}; it must be 'never', 'status' or 'always'")
        if self.token is not None and (
            len(self.token) < _LEAST_TOKEN or not self.token.isascii() or not self.token.isprintable()
        ):
            raise ValueError(f"the token must be printable ASCII text of at least {_LEAST_TOKEN} characters")
        if self.proxy is not None and not _is_proxy(self.proxy):
            # Not quoted: it may hold a password, or be a key.
            raise ValueError("proxy must be an http, https or socks5 URL with a host")
        for one in fields(self):
            value = getattr(self, one.name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            least = 1 if one.name in _AT_LEAST_ONE else 0
            if not value >= least:
                raise ValueError(f"{one.name} is {value}; it must be {least} or more")
        if isinstance(self.result_hosts, str) or not all(map(_is_host, self.result_hosts)):
            raise ValueError("result_hosts must be names of hosts, without scheme, port and path")
        if self.deprecation_link and not _LINK.fullmatch(self.deprecation_link):
            raise ValueError("deprecation_link must be an http or https URL")
        if self.sunset is not None and moment(self.sunset) < DEPRECATED:
            raise ValueError(f"sunset is {self.sunset}; v1 can't go before it was deprecated, on {DEPRECATED:%Y-%m-%d}")
        if self.supply_key == "always" and self.token is None and not is_loopback(self.host):
            raise ValueError(
                f"supply_key='always' on {self.host}: anybody who reaches this address could spend the owner's "
                f"credits. Set {TOKEN} to a secret that callers send as X-Gateway-Token, or listen on 127.0.0.1."
            )


def _is_proxy(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https", "socks5", "socks5h") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_host(text: str) -> bool:
    if ":" not in text:
        return _HOST.fullmatch(text) is not None
    try:
        return bool(ipaddress.IPv6Address(text.strip("[]")))
    except ValueError:
        return False


def moment(day: date) -> datetime:
    """A day's beginning, or the moment itself; without a time zone it is UTC."""
    found = day if isinstance(day, datetime) else datetime.combine(day, time())
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def is_loopback(host: str) -> bool:
    """Whether an address, or the name ``localhost``, is this machine alone. Other names are not looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def token_from_environment() -> str | None:
    """``VIMMERSE_GATEWAY_TOKEN``; empty or blank counts as unset."""
    return os.environ.get(TOKEN, "").strip() or None
