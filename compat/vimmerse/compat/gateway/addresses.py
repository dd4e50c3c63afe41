"""Which addresses a result may lie at.

The gateway fetches results for others, from URLs that it was told. So it must not be a way into its own network.

Laws:

* An address is refused unless it is public unicast: what IPv6 wraps (mapped, NAT64, 6to4, ISATAP) is looked at too.
* What is checked is what a name resolves to, and the connection goes to the very address that was checked.
* Where somebody else connects, he resolves: a proxy gets the names that can't be looked up here, and a transport of
  one's own all names.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import httpx

_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What registries set apart (RFC 6890 and later), which Python's table has not in all of its versions: protocol
# assignments (Teredo is one, Oracle's metadata another), 6to4 relays, documentation.
_SPECIAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")))
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # before the last 32 bits, which are an IPv4 address (RFC 5214)
_THREADS = 8  # of their own: a name server that is slow must not take those that read forms
_MOST = 4  # addresses of a name that are tried


class AddressRefused(httpx.HTTPError):
    """A result's URL that is not fetched; the text says why."""


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet. False for what is no address."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and (address in _NAT64 or int(address) >> 32 & 0xFFFFFFFF in _ISATAP):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address not in _UNICAST:
            return False
    if any(address in one for one in _SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_local(host: str) -> bool:
    """Whether a host is an address that is not public, or a name of this machine. Other names are not looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return not is_public(name)


class Addresses:
    """Looks names up and refuses what is not public.

    ``base``: the base URL. Where its host is such an address itself, all of this is a test on somebody's own network,
    and nothing is refused; its own host and port never are. ``allowed``: hosts that are not looked at.
    ``connects``: who connects, and so resolves again.
    """

    def __init__(
        self,
        base: httpx.URL,
        allowed: tuple[str, ...],
        timeout: float,
        connects: Literal["gateway", "proxy", "transport"] = "gateway",
    ) -> None:
        self._open = is_local(base.host)
        self._base = _place(base)
        self._allowed = frozenset(map(host_name, allowed))
        self._timeout = timeout
        self._connects = connects
        self._threads = _threads()

    def close(self) -> None:
        """Wait for no look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._threads = _threads()  # which starts none before it is used

    async def check(self, url: httpx.URL) -> list[str]:
        """The addresses to connect to, best first; none where the name is to be used as it is.

        Raises :class:`AddressRefused`, and httpx's own errors for a name that can't be looked up.
        """
        if url.userinfo:
            raise AddressRefused("the result's URL has credentials")
        host = url.raw_host.decode("ascii")
        if self._open or host_name(host) in self._allowed or _place(url) == self._base:
            return []
        literal = _literal(host.rstrip("."))
        if literal or is_local(host):
            found = [literal]
        elif self._connects == "transport":
            return []
        else:
            try:
                found = await self._look_up(host)
            except TimeoutError as error:
                raise httpx.ConnectTimeout("the name of the result's host was not found in time") from error
            except (OSError, UnicodeError) as error:
                if self._connects == "proxy":
                    return []
                raise httpx.ConnectError("the name of the result's host was not found") from error
        if not (found and all(map(is_public, found))):
            raise AddressRefused("the result's host is not on the public internet")
        return found[:_MOST] if self._connects == "gateway" else []

    async def _look_up(self, host: str) -> list[str]:
        def look_up() -> list[str]:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            return list(dict.fromkeys(str(address[0]) for *_, address in answers))

        async with asyncio.timeout(self._timeout):
            return await asyncio.get_running_loop().run_in_executor(self._threads, look_up)


def _literal(host: str) -> str:
    """The address that a host is, in whatever notation; empty for a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))  # 127.1, 0x7f000001, 2130706433
    except (OSError, ValueError):
        return ""


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, "vimmerse-names")


def host_name(host: str) -> str:
    """A host as it is compared."""
    return host.strip("[]").rstrip(".").lower()


def _place(url: httpx.URL) -> tuple[str, int]:
    return host_name(url.host), url.port or (443 if url.scheme == "https" else 80)
