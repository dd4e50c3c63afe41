"""``--vimmerse-report``: the v1 calls of a test run, where they are, and which places of the source made none."""

from __future__ import annotations

import ast
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import cache
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import OPERATIONS, find_v1_call
from vimmerse.compat.migrate.check import CheckReport, Finding, check
from vimmerse.compat.migrate.check.findings import LABELS
from vimmerse.compat.runtime.call_site import user_frame
from vimmerse.compat.runtime.driver import CallRecord, observed

_LABEL_OF: dict[str, str] = {
    "deprecated": LABELS["changed"],
    "lossy": LABELS["lost"],
    "passthrough": LABELS["stays"],
}
_LONGEST = 300  # characters of a line


@dataclass
class Place:
    """The calls of one operation at one line. ``notes``: a line of text for each kind and field."""

    count: int = 0
    notes: dict[str, str] = field(default_factory=dict)


class CallLog:
    """The v1 calls that the compat layer has translated, in all threads.

    ``places``: by file, line and operation. ``reached``: every line on the stack of a call.
    """

    def __init__(self) -> None:
        self.places: dict[tuple[str, int, str], Place] = {}
        self.reached: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def observing(self) -> AbstractContextManager[None]:
        """Return a context in which the calls of this process are recorded."""
        return observed(self.add)

    def add(self, record: CallRecord) -> None:
        """Record one call; this runs on its caller's stack."""
        with suppress(Exception):  # the call itself is more important
            frame = user_frame()
            file, line = (os.path.abspath(frame.f_code.co_filename), frame.f_lineno) if frame else ("", 0)
            self._add(file, line, _operation_of(record), 1, _notes_of(record))
            with self._lock:
                self.reached.update(_lines_of(frame))

    def _add(self, file: str, line: int, operation: str, count: int, notes: dict[str, str]) -> None:
        with self._lock:
            place = self.places.setdefault((file, line, operation), Place())
            place.count += count
            place.notes = {**notes, **place.notes}

    def dump(self) -> dict[str, Any]:
        """Return the log as what pytest-xdist can send to another process."""
        places = [[*key, place.count, dict(place.notes)] for key, place in self.places.items()]
        return {"places": places, "reached": [list(each) for each in sorted(self.reached)]}

    def merge(self, dumped: dict[str, Any]) -> None:
        """Add what another process has recorded."""
        for place in dumped["places"]:
            self._add(*place)
        self.reached.update((file, line) for file, line in dumped["reached"])

    def lines(self, root: str, sources: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
        """Yield the lines of the report.

        ``root``: the directory that paths are relative to. ``sources``: the files and directories to check.
        """
        for (file, line, operation), place in sorted(self.places.items()):
            known = OPERATIONS.get(operation)
            # Written without an arrow of Unicode: not each terminal can show it.
            becomes = known.v2 if known is not None and known.v2 else "v1, unchanged"
            calls = "1 call" if place.count == 1 else f"{place.count} calls"
            yield f"{_place(file, line, root)} {operation} -> {becomes} ({calls})"
            yield from (f"    {text}" for text in place.notes.values())
        if not self.places:
            yield "The compat layer has translated no v1 calls."
        yield from self._unexercised(root, check(sources))

    def _unexercised(self, root: str, found: CheckReport) -> Iterator[str]:
        python = [each for each in found.findings if each.path.endswith((".py", ".pyw"))]
        statements = {(file, _statement(file, line)) for file, line in self.reached}
        left = [
            each
            for each in python
            if (path := os.path.abspath(each.path), _statement(path, each.line)) not in statements
        ]
        yield f"{len(python) - len(left)} of {len(python)} places that `vimmerse check` finds were exercised."
        if left:
            yield "Not exercised:"
            yield from (f"    {_place(os.path.abspath(each.path), each.line, root)} {_becomes(each)}" for each in left)
        yield from (
            f"Not searched: {each.place}: {each.text}"
            for each in found.remarks
            if each.kind in ("unreadable", "skipped")
        )
        others = len(found.findings) - len(python)
        if others:
            yield f"{others} more in files of other languages: vimmerse check"


def _becomes(finding: Finding) -> str:
    v2 = "v1, unchanged" if finding.stays else " or ".join(each or "v1, unchanged" for each in finding.v2)
    return f"{finding.v1} -> {v2}"


def _place(file: str, line: int, root: str) -> str:
    return f"{file.removeprefix(os.path.join(root, ''))}:{line}" if file else "(unknown place)"


def _lines_of(frame: FrameType | None) -> Iterator[tuple[str, int]]:
    while frame is not None:
        yield os.path.abspath(frame.f_code.co_filename), frame.f_lineno
        frame = frame.f_back


def _operation_of(record: CallRecord) -> str:
    named = [notice.operation for notice in record.notices if notice.operation in OPERATIONS]
    if named:
        return named[0]
    parts = urlsplit(record.url)
    call = find_v1_call(record.method, record.url, Policy(base_url=f"{parts.scheme}://{parts.netloc}"))
    return call.operation.v1 if call is not None else record.method


def _notes_of(record: CallRecord) -> dict[str, str]:
    """Return the notices about fields, and about a call that went to v1; each call has one about the call itself."""
    notes = {}
    for notice in record.notices:
        if notice.kind in _LABEL_OF and (notice.field or notice.kind != "deprecated"):
            text = f"{_LABEL_OF[notice.kind]}: {notice.text.removeprefix(f'{notice.operation}: ')}"
            notes[f"{notice.kind} {notice.field}"] = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return notes


def _statement(file: str, line: int) -> int:
    """Return the first line of the statement at a line: a call of several lines is at any of them."""
    return next((start for start, end in _statements(file) if start <= line <= end), line)


@cache
def _statements(file: str) -> list[tuple[int, int]]:
    """Return the first and the last line of each statement of a file, but for those that contain others."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return []
    return [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and not hasattr(node, "cases")
    ]
