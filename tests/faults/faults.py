"""What can go wrong between a program and the API, and how each is caused over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from vimmerse.emulator import Emulator

TIMEOUT = 0.3  # seconds without data before a timeout, at every entry point
NO_SUCH_HOST = "does-not-exist.invalid"
HUGE = 2 * 1024 * 1024  # bytes of the huge response
LIMIT = 1024 * 1024  # the gateway's response limit in these tests, in bytes

#: The requests: v1's call, and the v2 request behind it.
CALLS: Mapping[str, tuple[str, str]] = {"paid": ("POST", "/v2/media"), "free": ("GET", "/v2/media/{media_id}")}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    ``accepted``: whether the server has carried the request out all the same.
    ``reached``: whether the request came to a server that could read it.
    """

    name: str
    about: str
    kind: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    accepted: bool = False
    reached: bool = True


FAULTS = (
    Fault("refused", "nothing listens on the port", reached=False),
    Fault("dns", "the host's name is unknown", reached=False),
    Fault("tls", "the server does not speak TLS", reached=False),
    Fault("reset", "the connection is reset before the response", "reset"),
    Fault("reset_accepted", "the job is accepted, then the connection is reset", "reset_accepted", accepted=True),
    Fault("hang", "no response until the timeout", "hang"),
    Fault("hang_accepted", "the job is accepted, and no response comes", "hang_accepted", accepted=True),
    Fault("cut", "the connection ends in the middle of the response", "cut", accepted=True),
    Fault("slow", "the response arrives slowly", "slow", {"chunk": 64, "interval": 0.002}, accepted=True),
    Fault("429", "too many requests", "rate_limit"),
    Fault("429_after", "too many requests, with Retry-After", "rate_limit", {"retry_after": 1}),
    Fault(
        "402",
        "not enough credits",
        "status",
        {"status": 402, "body": {"message": "Not enough credits.", "code": "INSUFFICIENT_CREDIT"}},
    ),
    Fault("500", "an HTML page, 500", "html"),
    Fault("502", "an HTML page, 502", "html", {"status": 502}),
    Fault(
        "503",
        "busy, with Retry-After",
        "status",
        {"status": 503, "headers": [("Retry-After", "1")], "body": {"message": "Busy.", "code": "BUSY"}},
    ),
    Fault("520", "a page with an unknown status", "unknown_status"),
    Fault("type", "the right response as text/plain", "content_type", accepted=True),
    Fault("truncated", "200 with half a JSON document", "truncated", accepted=True),
    Fault("null", "200 with `null`", "null"),
    Fault("list", "200 with `[]`", "list"),
    Fault("huge", f"200 with {HUGE >> 20} MiB of JSON", "huge", {"size": HUGE}),
    Fault("redirect", "a redirect to another host", "redirect"),
)
BY_NAME = {fault.name: fault for fault in FAULTS}


@contextmanager
def unused_port() -> Iterator[int]:
    """A port that refuses connections and is reserved for as long as the block runs."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        yield int(plug.getsockname()[1])


def unknown_host(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """``socket.getaddrinfo`` that knows that one name is unknown, without asking anyone."""

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in (NO_SUCH_HOST, NO_SUCH_HOST.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *arguments, **options)

    return getaddrinfo


@contextmanager
def broken(emulator: Emulator, fault: Fault, call: str) -> Iterator[str]:
    """The base URL at which the next ``call`` meets the fault; every later one would not."""
    if fault.name == "refused":
        with unused_port() as port:
            yield f"http://127.0.0.1:{port}"
    elif fault.name == "dns":
        yield f"http://{NO_SUCH_HOST}"
    elif fault.name == "tls":
        yield emulator.base_url.replace("http://", "https://")
    else:
        emulator.faults.add(CALLS[call], fault.kind, **fault.options)  # type: ignore[arg-type]  # a kind that it has
        yield emulator.base_url
