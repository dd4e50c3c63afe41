"""What the gateway and the emulator both need to listen on this machine."""

from __future__ import annotations

import ipaddress
import socket

BACKLOG = 512
_DESCRIPTORS = 8192
# On Windows SO_REUSEADDR would let two programs share a port.
_REUSE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)


def is_loopback(host: str) -> bool:
    """Whether an address, or the name ``localhost``, is this machine alone. Other names are not looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Listen on the first address of ``host`` (empty: on all) and a port (0: any free one). Raises ``OSError``."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    # asyncio turns Nagle's delay off only where the protocol is named; socket.create_server names none.
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, _REUSE, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def raise_descriptor_limit() -> None:
    """Let the process open as many connections as the system allows it, up to 8,192; the usual default is 1,024."""
    try:
        import resource
    except ImportError:  # Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
