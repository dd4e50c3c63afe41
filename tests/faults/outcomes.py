"""The outcome of every fault at every entry point: the table of docs/reliability.md, and what the matrix asserts.

A paid and a free call end alike. ``Row.arrived`` and ``Row.jobs`` are what the server saw of one paid call; ``again``
is what the caller may conclude from the outcome alone, since they see neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Retry = Literal["safe", "check", "done"]

#: The meaning of ``again`` for a caller whose call was paid.
ADVICE: Mapping[Retry, str] = {
    "safe": "yes: no job was created",
    "check": "check first: the job may exist",
    "done": "it succeeded",
}

#: The entry points of each column. Those of one column have the same outcomes.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "`vimmerse.v2`": ("v2 client", "v2 client, async"),
    "httpx": ("httpx", "httpx, async"),
    "requests": ("requests",),
    "gateway": ("gateway",),
    "CompatClient": ("CompatClient", "AsyncCompatClient"),
    "command line": ("command line",),
    "`vimmerse run`": ("vimmerse run",),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: the outcome by column, in the order of :data:`COLUMNS`."""

    v2: str
    httpx: str
    requests: str
    gateway: str
    compat_client: str
    command_line: str
    run: str
    retry: Retry
    arrived: int = 1
    jobs: int = 0

    def of(self, entry_point: str) -> str:
        """The outcome at an entry point."""
        cells = (self.v2, self.httpx, self.requests, self.gateway, self.compat_client, self.command_line, self.run)
        return next(cell for cell, names in zip(cells, COLUMNS.values(), strict=True) if entry_point in names)


def _broken(error: str, requests: str, gateway: str, retry: Retry, arrived: int = 1, jobs: int = 0) -> Row:
    """No response: the library's own exception at every Python entry point."""
    ours = f"httpx.{error}"
    return Row(ours, ours, f"requests.{requests}", gateway, ours, "exit 4", "exit 1", retry, arrived, jobs)


def _rejected(status: int, kind: str, code: str, retry: Retry) -> Row:
    """An error response: ApiError with v2's models, v1's error body where the caller uses v1."""
    error, v1_outcome = f"{kind} {status}", f"{status} {code}"
    return Row(error, v1_outcome, v1_outcome, v1_outcome, error, "exit 3", "exit 1", retry)


def _useless(jobs: int = 0) -> Row:
    """A success that can't be read: an exception, since there is nothing to return."""
    ours = "UpstreamError 502"
    return Row(
        "InvalidAnswerError 200", ours, ours, "502 BAD_UPSTREAM_ANSWER", ours, "exit 3", "exit 1", "check", 1, jobs
    )


_OK = Row("ok", "ok", "ok", "ok", "ok", "exit 0", "exit 0", "done", 1, 1)

OUTCOMES: Mapping[str, Row] = {
    "refused": _broken("ConnectError", "ConnectionError", "502 UPSTREAM_UNREACHABLE", "safe", arrived=0),
    "dns": _broken("ConnectError", "ConnectionError", "502 UPSTREAM_UNREACHABLE", "safe", arrived=0),
    "tls": _broken("ConnectError", "SSLError", "502 UPSTREAM_UNREACHABLE", "safe", arrived=0),
    "reset": _broken("ReadError", "ConnectionError", "502 UPSTREAM_DISCONNECTED", "check"),
    "reset_accepted": _broken("ReadError", "ConnectionError", "502 UPSTREAM_DISCONNECTED", "check", jobs=1),
    "hang": _broken("ReadTimeout", "ReadTimeout", "504 UPSTREAM_TIMEOUT", "check"),
    "hang_accepted": _broken("ReadTimeout", "ReadTimeout", "504 UPSTREAM_TIMEOUT", "check", jobs=1),
    "cut": _broken("RemoteProtocolError", "ChunkedEncodingError", "502 UPSTREAM_DISCONNECTED", "check", jobs=1),
    "slow": _OK,
    "429": _rejected(429, "RateLimitError", "RATE_LIMITED", "safe"),
    "429_after": _rejected(429, "RateLimitError", "RATE_LIMITED", "safe"),
    "402": _rejected(402, "InsufficientCreditError", "INSUFFICIENT_CREDIT", "safe"),
    "500": _rejected(500, "ServerError", "INTERNAL_SERVER_ERROR", "check"),
    "502": _rejected(502, "ServerError", "BAD_GATEWAY", "check"),
    "503": _rejected(503, "ServerError", "BUSY", "check"),
    "520": _rejected(520, "ServerError", "HTTP_520", "check"),
    "type": _OK,
    "truncated": _useless(jobs=1),
    "null": _useless(),
    "list": _useless(),
    "huge": Row("ok", "ok", "ok", "502 BAD_UPSTREAM_ANSWER", "ok", "exit 0", "exit 0", "check"),
    "redirect": _rejected(307, "ApiError", "UNEXPECTED_REDIRECT", "safe"),
}
