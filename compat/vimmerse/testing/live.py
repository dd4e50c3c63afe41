"""``--vimmerse-live``: what a request to the service costs, and the credits that a test run may spend.

Every request that may cost credits is counted by its estimate before it is sent, whatever becomes of it. What can't be
priced from the request alone is not sent.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from vimmerse import pricing
from vimmerse._http.operations import ApiOperation
from vimmerse.testing.guard import LiveRequest

_READS = ("GET", "HEAD", "OPTIONS")
#: The factors of these prices may also come from the job on the server: then the request alone has no price.
_FACTORS = {
    pricing.VIDEOS: ("duration", "audio_option"),
    pricing.UPDATE: ("video_tool", "duration", "quantity", "audio_option"),
}


class Ledger:
    """The credits of a run, in a file that the processes of pytest-xdist share."""

    def __init__(self, path: str, limit: float) -> None:
        self.path = path
        self.limit = limit

    def create(self) -> None:
        """Begin a run."""
        self._execute("CREATE TABLE spent (credits REAL, requests INTEGER)")
        self._execute("INSERT INTO spent VALUES (0, 0)")

    def take(self, credits: float) -> bool:
        """Count a request of so many credits; False if that would be too much."""
        return bool(
            self._execute(
                "UPDATE spent SET credits = credits + ?, requests = requests + 1 WHERE credits + ? <= ?",
                (credits, credits, self.limit),
            )
        )

    def spent(self) -> tuple[float, int]:
        """Return the credits so far, and the number of paid requests."""
        with closing(sqlite3.connect(self.path)) as connection:
            credits, requests = connection.execute("SELECT credits, requests FROM spent").fetchone()
        return credits, requests

    def admit(self, request: LiveRequest) -> str:
        """Return why a request must not be sent, or empty text, and then it is counted."""
        credits, reason = price(request)
        if not reason and credits and not self.take(credits):
            spent, _ = self.spent()
            limit = f"--vimmerse-max-credits {self.limit:g}"
            reason = f"it would cost about {credits:g} credits, and {self.limit - spent:g} of {limit} are left"
        return reason

    def _execute(self, statement: str, values: tuple[float, ...] = ()) -> int:
        # The timeout is for the lock that another process holds.
        with closing(sqlite3.connect(self.path, timeout=60)) as connection, connection:
            return connection.execute(statement, values).rowcount


def price(request: LiveRequest) -> tuple[float, str]:
    """Return the estimate for a request in credits, and why it can't be priced, or empty text."""
    method = request.method.upper()
    if method in _READS:
        return 0, ""
    operation = next((text for text, path in _operations() if text.startswith(f"{method} ") and path(request.path)), "")
    if not operation:
        return math.inf, "its price is unknown: it is not an operation of version 2"
    if not pricing.estimate_call(operation, _EXAMPLE).credits:
        return 0, ""
    try:
        body: Any = json.loads(request.body or b"")
    except ValueError:
        body = None
    if not isinstance(body, Mapping):
        return math.inf, "its price is unknown: its body can't be read"
    estimate = pricing.estimate_call(operation, body)
    reason = pricing.unpriced(operation, body) if estimate.credits else ""
    if estimate.credits and not reason:
        missing = [name for name in _FACTORS.get(operation, ()) if body.get(name) is None]
        reason = f"{' and '.join(missing)} of the job on the server count" if missing else ""
    return estimate.credits, f"its price is unknown: {reason}" if reason else ""


#: Makes every operation cost something that can.
_EXAMPLE: Mapping[str, Any] = {"prompt": "a kite", "storyboard": {"scenes": [{}]}}


@cache
def _operations() -> list[tuple[str, Any]]:
    """Return each operation of version 2, and what matches its path."""
    from vimmerse.v2 import api

    found: list[tuple[str, Any]] = []
    for module in walk_packages(api.__path__, f"{api.__name__}."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, ApiOperation):
                pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(value.template))
                found.append((f"{value.method} {value.template}", re.compile(pattern).fullmatch))
    # A path without an id comes first.
    return sorted(found, key=lambda each: each[0].count("{"))
