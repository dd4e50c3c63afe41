"""Counts of v1 calls, for the reports: how many of each operation, what was lost, and the lines that made them.

* A count is a number by a key, so that memory does not grow with the number of calls. At most :data:`LIMIT` places and
  as many notices have a count of their own; all further ones share one.
* A key has the names of operations and fields, and a file and a line. It has no id, no URL and no value of a field,
  except for the names of tools that the rules know. A field that they don't know has no name here.
* In a process of ``vimmerse run`` the counts are also in a file, which other processes read. Each call updates it: its
  numbers survive the process, however it ends.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from threading import RLock

from vimmerse.compat.core.messages import Notice, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import FIELD_NAMES, OPERATIONS, find_v1_call
from vimmerse.compat.rules.engine import Operation
from vimmerse.compat.rules.values import TOOL_NAMES
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.spans import operation_template
from vimmerse.pricing import estimate_call

#: What is counted, and of what:
#:
#:     ("calls", operation)       its calls
#:     ("failed", operation)      those that ended with an error, or a status of 400 or more
#:     ("credits", operation)     the sum of their estimates
#:     ("unpriced", operation)    those that may have cost credits, and have no estimate
#:     ("notice", operation, kind, field, v2_field, reason)   calls with such a notice
#:     ("place", operation, file, line)                       calls that this line has made
#:     ("more", "notice"), ("more", "place")                  those above the limit
Key = tuple[str, ...]
Place = tuple[str, int]
Exchanges = Iterable[tuple[V2Request, V2Response]]

_logger = logging.getLogger("vimmerse")
LIMIT = 500
UNKNOWN_FIELD = "(unknown)"
_LIMITED = ("notice", "place")
_SLOTS = 2048  # more than there are keys: twice LIMIT, and four for each operation
_NUMBER = struct.Struct("<d")
_INDEX = re.compile(r"\.\d+(?=\.|$)")
_TOOL = re.compile(r"(?:motion_type|MotionType|option|_tool)='(\w+)'")
_TRANSLATION_NOTICES = ("deprecated", "lossy", "passthrough")


class CallCounts:
    """Numbers by key, for several threads."""

    def __init__(self) -> None:
        self._folder = ""
        self.restart()

    def restart(self) -> None:
        """Begin at zero, as a forked process does: its parent counts its own calls."""
        self._lock = RLock()  # another thread may have held the old one when the process was forked
        self._numbers: dict[Key, float] = {}
        self._distinct = dict.fromkeys(_LIMITED, 0)
        self._file: _CountsFile | None = None

    def store_in(self, folder: str) -> None:
        """Keep the counts in a file of this folder, too, from the first call on."""
        self._folder, self._file = folder, None

    def add(self, amounts: Iterable[tuple[Key, float]]) -> None:
        """Add each amount to the number of its key."""
        with self._lock:
            numbers, changed = self._numbers, []
            for key, amount in amounts:
                if key in numbers:
                    numbers[key] += amount
                else:
                    key = self._limited(key)
                    numbers[key] = numbers.get(key, 0) + amount
                changed.append(key)
            if self._folder:
                self._file = self._file or _CountsFile(self._folder)
                self._file.write(changed, self._numbers)

    def _limited(self, key: Key) -> Key:
        """Return a new key, or the one that all share above the limit."""
        if key[0] in self._distinct:
            if self._distinct[key[0]] >= LIMIT:
                return "more", key[0]
            self._distinct[key[0]] += 1
        return key

    def numbers(self) -> dict[Key, float]:
        """Return a copy of all numbers."""
        with self._lock:
            return dict(self._numbers)


class _CountsFile:
    """The counts of a process as a file: one number for each slot, then a line of JSON for each key, in their order.

    It is opened for each call, since a program may close all files, and their numbers are then those of others.
    """

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, f"{os.getpid()}-{os.urandom(8).hex()}")
        self._slots: dict[Key, int] = {}
        self._flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

    def write(self, changed: Iterable[Key], numbers: Mapping[Key, float]) -> None:
        """Write the numbers of these keys. Once the folder is gone, since the run has ended, this does nothing."""
        with suppress(OSError):
            file = os.open(self._path, self._flags, 0o600)
            self._flags &= ~(os.O_CREAT | os.O_EXCL)
            try:
                for key in changed:
                    if key not in self._slots:
                        if not self._slots:
                            os.write(file, bytes(_SLOTS * _NUMBER.size))
                        os.lseek(file, 0, os.SEEK_END)
                        os.write(file, json.dumps(key).encode() + b"\n")
                        self._slots[key] = len(self._slots)
                    os.lseek(file, self._slots[key] * _NUMBER.size, os.SEEK_SET)
                    os.write(file, _NUMBER.pack(numbers[key]))
            finally:
                os.close(file)


def read_folder(folder: str) -> dict[Key, float]:
    """Return the sums of the counts in the files of a folder and of those below it."""
    total = CallCounts()
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError), open(os.path.join(parent, name), "rb") as file:
                total.add(_parse(file.read()))
    return total.numbers()


def _parse(content: bytes) -> list[tuple[Key, float]]:
    """Return what a file contains. The last line is incomplete if the process was killed while it wrote it."""
    size = _SLOTS * _NUMBER.size
    amounts: list[tuple[Key, float]] = []
    with suppress(ValueError, struct.error):
        for slot, line in enumerate(content[size:].splitlines()):
            key = tuple(map(str, json.loads(line)))
            amounts.append((key, _NUMBER.unpack_from(content, slot * _NUMBER.size)[0]))
    return amounts


#: The calls of this process, but not those that a gateway in it receives.
PROCESS = CallCounts()
_register: Callable[..., object] = getattr(os, "register_at_fork", lambda **_: None)  # Windows does not fork
_register(after_in_child=PROCESS.restart)


class CallCounter:
    """Counts one call once, in ``counts``; not at all without a policy.

    ``place`` returns the line that made it, or None.
    """

    __slots__ = ("_counts", "_place", "_policy")

    def __init__(
        self, policy: Policy | None, place: Callable[[], Place | None] = lambda: None, counts: CallCounts = PROCESS
    ) -> None:
        self._policy = policy
        self._place = place
        self._counts = counts

    def count(self, call: V1Request, notices: Iterable[Notice], exchanges: Exchanges, failed: bool) -> None:
        """Count a call that has ended, if it is a v1 call. Never raises: the call itself is more important."""
        policy, self._policy = self._policy, None
        if policy is not None and (self._counts is not PROCESS or settings.counts_calls()):
            try:
                self._count(policy, call, notices, exchanges, failed)
            except Exception as error:  # without its text, which may quote the call
                _logger.debug("A call was not counted: %s", type(error).__name__)

    def _count(
        self, policy: Policy, call: V1Request, notices: Iterable[Notice], exchanges: Exchanges, failed: bool
    ) -> None:
        about = [notice for notice in notices if notice.kind in _TRANSLATION_NOTICES]
        operation = about[0].operation if about else _find_operation(call, policy)
        if operation not in OPERATIONS:
            return
        amounts: dict[Key, float] = {("calls", operation): 1}
        if failed:
            amounts["failed", operation] = 1
        if place := self._place():
            amounts["place", operation, place[0], str(place[1])] = 1
        for notice in about:
            if notice.field or notice.kind == "passthrough":  # every call has the other one
                amounts["notice", operation, notice.kind, *_described(notice)] = 1
        for request, response in exchanges:
            if request.paid and 200 <= response.status < 300:
                credits = _estimate(request, OPERATIONS[operation], policy)
                key, amount = (("unpriced", operation), 1) if credits is None else (("credits", operation), credits)
                amounts[key] = amounts.get(key, 0) + amount
        self._counts.add(amounts.items())


NO_COUNTER = CallCounter(None)


def _find_operation(call: V1Request, policy: Policy) -> str:
    found = find_v1_call(call.method, call.url, policy)
    return found.operation.v1 if found is not None else ""


def _estimate(request: V2Request, operation: Operation, policy: Policy) -> float | None:
    """Return the estimate of a paid request; None for v1's, whose price depends on what v1 makes of it."""
    if request.kind != "v2" or not isinstance(request.body, bytes):
        return None
    called, path = operation.v2, request.url.removeprefix(policy.base_url)
    if path != operation.v2_path:
        called = f"{request.method} {operation_template(request.method, path)[0]}"
    credits = estimate_call(called, json.loads(request.body.decode())).credits
    return credits if credits < math.inf else None


def _described(notice: Notice) -> tuple[str, str, str]:
    """Return field, v2 field and reason of a notice, without a value."""
    if not notice.field:  # the reason of a forwarded call; a caller's value may follow the colon
        return "", "", notice.text.partition(", because ")[2].partition(":")[0]
    field = notice.field
    if field not in FIELD_NAMES:
        field = _INDEX.sub("", field)
        if not FIELD_NAMES.issuperset(field.split(".")):
            return UNKNOWN_FIELD, "", ""
    tool = _TOOL.search(notice.text) if notice.kind != "deprecated" else None
    if tool is None or tool[1] not in TOOL_NAMES:
        return field, notice.v2_field, ""
    new = f"; {notice.v2_value} is used" if notice.v2_value in TOOL_NAMES else ""
    return field, notice.v2_field, f"v2 has no {tool[1]}{new}"
