"""Points at which a program that pays can be killed: around each commit, each step of a request, each rename.

They are found from outside, by the events of SQLAlchemy and httpcore: the product has no hooks for tests.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable
from typing import Any

import httpx
import sqlalchemy as sa
from sqlalchemy import event

_WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|CREATE(?: UNIQUE)? INDEX)\s+\"?(\w+)", re.I)
_RENAMES = ("rename", "replace", "link")


class Boundaries:
    """Numbers the boundaries that this process passes, from 1.

    ``kill_at``: the number at which it kills itself, or 0. ``passed``: is told the name of each boundary before that.
    """

    def __init__(self, kill_at: int, passed: Callable[[str], None]) -> None:
        self._kill_at = kill_at
        self._passed = passed
        self._count = 0
        self._lock = threading.Lock()

    def at(self, name: str) -> None:
        with self._lock:
            self._count += 1
            self._passed(name)
            if self._count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Watch SQLAlchemy, httpx and the renames of this process, until it ends."""
        self._watch_database()
        self._watch_requests()
        for name in _RENAMES:
            setattr(os, name, self._around(name, getattr(os, name)))

    def _watch_database(self) -> None:
        def executed(connection: sa.Connection, cursor: object, statement: str, *rest: object) -> None:
            if found := _WRITES.match(statement):
                connection.info["written"] = True
                self.at(f"executed {found[1].upper()} {found[2]}")

        def before_commit(connection: sa.Connection) -> None:
            if connection.info.get("written"):
                self.at("before a commit")

        def after_commit(dbapi_connection: object, record: Any) -> None:
            if record.info.pop("written", False):
                self.at("after a commit")

        event.listen(sa.Engine, "after_cursor_execute", executed)
        event.listen(sa.Engine, "commit", before_commit)
        event.listen(sa.Pool, "checkin", after_commit)

    def _watch_requests(self) -> None:
        """httpcore reports the steps of a request: connecting, its head and body sent, its response received."""
        sync, asynchronous = httpx.HTTPTransport, httpx.AsyncHTTPTransport
        handle, handle_async = sync.handle_request, asynchronous.handle_async_request

        def traced(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            name = _name_of(request)

            def trace(step: str, info: object) -> None:
                self._traced(name, step)

            self.at(f"{name}: called")
            request.extensions = {**request.extensions, "trace": trace}
            return handle(transport, request)

        async def traced_async(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
            name = _name_of(request)

            async def trace(step: str, info: object) -> None:
                self._traced(name, step)

            self.at(f"{name}: called")
            request.extensions = {**request.extensions, "trace": trace}
            return await handle_async(transport, request)

        for transport, name, function in (
            (sync, "handle_request", traced),
            (asynchronous, "handle_async_request", traced_async),
        ):
            setattr(transport, name, function)

    def _traced(self, name: str, step: str) -> None:
        """Of a request that costs nothing, its begin and its end are enough."""
        if name.startswith("POST") or step.endswith("response_closed.complete"):
            self.at(f"{name}: {step}")

    def _around(self, name: str, function: Callable[..., None]) -> Callable[..., None]:
        def renamed(source: Any, target: Any, **options: Any) -> None:
            self.at(f"before os.{name}")
            function(source, target, **options)
            self.at(f"after os.{name}")

        return renamed


def _name_of(request: httpx.Request) -> str:
    """``POST /v2/media <the prompt>``: a body is told by its text."""
    text = ""
    if request.method == "POST" and isinstance(request.stream, httpx.ByteStream):
        found = re.search(rb'"(?:prompt|idea)":\s*"([^"]*)"', b"".join(request.stream))
        text = f" {found[1].decode()}" if found else ""
    return f"{request.method} {request.url.path}{text}"
