"""Every setting of the gateway. How calls are translated is the :class:`Policy`'s."""

import os
import re
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from ipaddress import IPv6Address
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from vimmerse._server import is_loopback
from vimmerse.v1.facts import DEPRECATED_SINCE, SUNSET

TOKEN = "VIMMERSE_GATEWAY_TOKEN"
#: Since when v1 is deprecated, according to every response to a v1 call.
DEPRECATED = datetime.fromisoformat(DEPRECATED_SINCE).replace(tzinfo=UTC)

T = TypeVar("T")
SupplyKey = Literal["never", "status", "always"]

_TOKEN = re.compile(r"[ -~]{16,}")  # a shorter one can be guessed over a network
_HOST = re.compile(r"[^\s/@?#\\:\[\]]+")
_LINK = re.compile(r"https?://[!#-;=?-~]+")  # what may stand between < and > of a Link header


def _option(default: T, unit: str, help: str, minimum: int = 0) -> T:
    """A setting that is an option of ``vimmerse serve``, which takes its description from here."""
    return field(default=default, metadata={"unit": unit, "help": help, "minimum": minimum})


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """How the gateway serves: the options of ``vimmerse serve``. Immutable. Sizes are in bytes, times in seconds.

    Raises ``ValueError``, whose text names the setting and never contains a token or a password.
    """

    host: str = _option("127.0.0.1", "HOST", "address to listen on")
    port: int = _option(8080, "N", "port; 0 picks a free one")
    #: Printable ASCII, at least 16 characters. It is not forwarded.
    token: str | None = field(default=None, repr=False)
    #: Which calls without an ``X-Api-Key`` use the owner's key: those of v1's status route, which needed none; or every
    #: v1 call, which needs a token on an address that is not loopback.
    supply_key: SupplyKey = "status"

    max_body: int = _option(4 * 1024**3, "SIZE", "maximum size of a request body, such as 512MiB; above it 413", 1)
    max_body_memory: int = _option(16 * 1024**2, "SIZE", "memory for all request bodies together; the rest is on disk")
    max_header: int = _option(32 * 1024, "SIZE", "maximum size of request line and headers; above it 431", 1)
    header_timeout: float = _option(15.0, "SECONDS", "to receive request line and headers; then 408")
    body_timeout: float = _option(60.0, "SECONDS", "between two parts of a body; then 408")
    request_timeout: float = _option(3600.0, "SECONDS", "to receive an entire body; then 408")
    send_timeout: float = _option(300.0, "SECONDS", "for a client that does not read its response")
    keep_alive_timeout: int = _option(75, "SECONDS", "for a client's idle connection")
    max_concurrency: int | None = _option(1024, "N", "concurrent requests, not counting downloads; above it 503", 1)
    max_downloads: int = _option(128, "N", "concurrent downloads of results; above it 503", 1)

    connect_timeout: float = _option(10.0, "SECONDS", "to connect to the API")
    read_timeout: float = _option(300.0, "SECONDS", "between two parts of the API's response; then 504")
    write_timeout: float = _option(60.0, "SECONDS", "between two parts of a request to the API")
    pool_timeout: float = _option(30.0, "SECONDS", "to wait for a free connection to the API; then 503")
    max_connections: int = _option(1024, "N", "connections to the API", 1)
    max_keepalive_connections: int = _option(1024, "N", "idle connections to the API")
    keepalive_expiry: float = _option(5.0, "SECONDS", "for an idle connection to the API")
    #: For the API and for result files. It must itself refuse to connect to private addresses that only it can resolve.
    proxy: str | None = field(default=None, repr=False)  # may contain credentials
    #: Hosts of result files that may have any address. Others must have a public one, unless the API itself has none.
    result_hosts: tuple[str, ...] = ()
    max_answer: int = _option(
        64 * 1024**2, "SIZE", "maximum size of a JSON response that is translated; above it 502", 1
    )

    notice_header: bool = True  #: an ``X-Vimmerse-Notice`` for each notice
    #: The ``Sunset`` of responses to v1 calls: the day, or the moment, of v1's end.
    sunset: date | None = date.fromisoformat(SUNSET) if SUNSET else None
    deprecation_link: str = ""  #: the URL of a page for their ``Link``; empty: the migration guide of the gateway
    access_log: bool = True  #: a JSON line for each request, by the logger ``vimmerse.gateway.access``

    shutdown_timeout: int = _option(30, "SECONDS", "for running requests when the gateway stops")
    paid_shutdown_timeout: float = _option(120.0, "SECONDS", "for paid calls whose clients have disconnected, then")

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port is {self.port}; it must be between 0 and 65535")
        if self.supply_key not in ("never", "status", "always"):
            raise ValueError(f"supply_key is {self.supply_key!r}; it must be 'never', 'status' or 'always'")
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            raise ValueError("the token must be printable ASCII text of at least 16 characters")
        if self.proxy is not None and not _is_proxy(self.proxy):
            # Not quoted: it may contain a password, or be a key.
            raise ValueError("proxy must be an http, https or socks5 URL with a host")
        for setting in fields(self):
            value, minimum = getattr(self, setting.name), setting.metadata.get("minimum")
            if isinstance(value, int | float) and minimum is not None and not value >= minimum:
                raise ValueError(f"{setting.name} is {value}; it must be {minimum} or more")
        if isinstance(self.result_hosts, str) or not all(map(_is_host, self.result_hosts)):
            raise ValueError("result_hosts must be names of hosts, without scheme, port and path")
        if self.deprecation_link and not _LINK.fullmatch(self.deprecation_link):
            raise ValueError("deprecation_link must be an http or https URL")
        if self.sunset is not None and moment(self.sunset) < DEPRECATED:
            raise ValueError(
                f"sunset is {self.sunset}; it must not be before v1 was deprecated, on {DEPRECATED:%Y-%m-%d}"
            )
        if self.supply_key == "always" and self.token is None and not is_loopback(self.host):
            raise ValueError(
                f"supply_key='always' on {self.host}: anybody who reaches this address could spend the owner's "
                f"credits. Set {TOKEN} to a secret that clients send as X-Gateway-Token, or listen on 127.0.0.1."
            )


def _is_proxy(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https", "socks5", "socks5h") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_host(text: str) -> bool:
    try:
        return bool(IPv6Address(text.strip("[]")))
    except ValueError:
        return _HOST.fullmatch(text) is not None


def moment(day: date) -> datetime:
    """The beginning of a day, or the moment itself; without a time zone it is UTC."""
    start = day if isinstance(day, datetime) else datetime.combine(day, time())
    return start if start.tzinfo is not None else start.replace(tzinfo=UTC)


def token_from_env() -> str | None:
    """``VIMMERSE_GATEWAY_TOKEN``; empty or blank counts as unset."""
    return os.environ.get(TOKEN, "").strip() or None
