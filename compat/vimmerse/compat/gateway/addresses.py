"""Which addresses a result file may be fetched from.

The gateway fetches result files for clients, from URLs in the API's responses. This must not give access to the
gateway's own network:

* An address is rejected unless it is public unicast, also inside IPv6 (mapped, NAT64, 6to4, ISATAP).
* The gateway resolves the host, checks all of its addresses, and connects to one that it has checked.
* A proxy resolves the names that the gateway can't resolve, and a custom transport all names.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

import httpx

_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
# Special-purpose networks (RFC 6890 and later) that are global in some Python versions: protocol assignments (with
# Teredo and Oracle's metadata service), 6to4 relays, documentation.
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")))
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # before the last 32 bits, which are an IPv4 address (RFC 5214)
_MAX_ADDRESSES = 4  # that are tried


class AddressRejected(httpx.HTTPError):
    """A result file's URL that is not fetched; the text says why."""


def is_public(text: str) -> bool:
    """Whether this is an IP address of the public internet."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
        if embedded is None and (address in _NAT64 or int(address) >> 32 & 0xFFFFFFFF in _ISATAP):
            embedded = IPv4Address(int(address) & 0xFFFFFFFF)
        if embedded is not None:
            return is_public(str(embedded))
        if address not in _UNICAST:
            return False
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_local(host: str) -> bool:
    """Whether a host is an address that is not public, or ``localhost``. Other names are not resolved."""
    name = _host_name(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _literal_address(name)
    return bool(address) and not is_public(address)


Resolver = Literal["gateway", "proxy", "transport"]


class AddressChecker:
    """Resolves the hosts of result files and rejects addresses that are not public.

    If the host of ``base_url`` is not public, the gateway is used on a private network, and nothing is rejected. Its
    own host and port never are, nor are the ``allowed`` hosts. ``timeout``: seconds to resolve a name. ``resolver``:
    who connects to the host, and so resolves its name.
    """

    def __init__(self, base_url: httpx.URL, allowed: tuple[str, ...], timeout: float, resolver: Resolver) -> None:
        self._check_nothing = is_local(base_url.host)
        self._base = _host_and_port(base_url)
        self._allowed = frozenset(map(_host_name, allowed))
        self._timeout = timeout
        self._resolver = resolver
        # Its own, so that a slow name server does not delay the parsing of forms.
        self._threads = ThreadPoolExecutor(8, "vimmerse-names")

    async def check(self, url: httpx.URL) -> list[str]:
        """The addresses to connect to, best first; none to use the name. Raises ``httpx.HTTPError``."""
        if url.userinfo:
            raise AddressRejected("the result's URL has credentials")
        host = url.raw_host.decode("ascii")
        if self._check_nothing or _host_name(host) in self._allowed or _host_and_port(url) == self._base:
            return []
        literal = _literal_address(_host_name(host))
        if literal or is_local(host):
            addresses = [literal]
        elif self._resolver == "transport":
            return []
        else:
            try:
                addresses = await self._resolve(host)
            except TimeoutError as error:
                raise httpx.ConnectTimeout("the name of the result's host was not resolved in time") from error
            except (OSError, UnicodeError) as error:
                if self._resolver == "proxy":
                    return []
                raise httpx.ConnectError("the name of the result's host can't be resolved") from error
        if not (addresses and all(map(is_public, addresses))):
            raise AddressRejected("the result's host is not on the public internet")
        return addresses[:_MAX_ADDRESSES] if self._resolver == "gateway" else []

    async def _resolve(self, host: str) -> list[str]:
        resolve = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        async with asyncio.timeout(self._timeout):
            results = await asyncio.get_running_loop().run_in_executor(self._threads, resolve)
        return list(dict.fromkeys(str(address[0]) for *_, address in results))


def _literal_address(host: str) -> str:
    """The address that a host is, in whatever notation; empty for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
    except (OSError, ValueError):
        return ""


def _host_name(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _host_and_port(url: httpx.URL) -> tuple[str, int]:
    return _host_name(url.host), url.port or (443 if url.scheme == "https" else 80)
