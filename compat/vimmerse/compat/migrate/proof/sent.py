"""A recorded request in the form in which it is compared: a JSON object without what differs from run to run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from vimmerse.compat.migrate.proof.child import HEADER
from vimmerse.emulator.records import RecordedRequest, RequestBody

#: The ids of the emulator.
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: The operation of a request for a result file.
RESULT_FILE = "GET a result file"
_READS = ("GET", "HEAD")


#: Path and line of each function of the program that led to a request, the innermost first.
Frames = tuple[tuple[str, int], ...]


class ProgramCall(NamedTuple):
    """A request as the program made it: method, path, and the lines that led to it, the innermost first.

    In the original program, it is a v1 call.
    """

    method: str = ""
    path: str = ""
    frames: Frames = ()

    @property
    def line(self) -> str:
        """The innermost line, and the outermost one: ``api.py:12, from main.py:5``; empty if none is known."""
        lines = [f"{file}:{line}" for file, line in self.frames]
        return ", from ".join(dict.fromkeys((*lines[:1], *lines[-1:])))


@dataclass(eq=False)
class Sent:
    """A request of one run.

    Attributes:
        operation: Its operation, such as ``POST /v2/media``; method and path where the specs have no such path.
        path: The path, with ids.
        document: What is compared: request, query, body, files, status, and which key. It still has the ids.
        ids: The ids that were made for it.
        call: What the program called.
        status: That of the response.
        optional: Whether the compat layer has added it. The migrated program may do the same, or without.
    """

    operation: str
    path: str
    document: dict[str, Any]
    ids: tuple[str, ...] = ()
    call: ProgramCall = field(default_factory=ProgramCall)
    status: int | None = None
    optional: bool = False

    @property
    def is_read(self) -> bool:
        """Whether it only reads. Programs poll, and how often depends on the time."""
        return self.operation.startswith(_READS)

    @property
    def references(self) -> tuple[str, ...]:
        """The ids in it, those of its path first."""
        return tuple(dict.fromkeys(ID.findall(f"{self.path} {json.dumps(self.document)}")))


def sent(record: RecordedRequest, hosts: Mapping[str, str], key_name: Callable[[str], str]) -> Sent:
    """Return a recorded request as it is compared.

    Args:
        hosts: The addresses of the run, and the names that take their place.
        key_name: Returns the name of an API key: which of the program's keys it is.
    """
    document: dict[str, Any] = {"request": f"{record.method} {record.path}"}
    # The shim asks for some fields only where v1 returns some only. A program that gets more reads the same.
    query = [
        (name, value)
        for name, value in parse_qsl(record.query, keep_blank_values=True)
        if name != "fields" or record.method not in _READS
    ]
    if query:
        document["query"] = [f"{name}={value}" for name, value in sorted(query)]
    document.update(_body(record.content))
    if record.method not in _READS:
        document["status"] = record.status
        key = record.header("x-api-key", "")
        document["key"] = key_name(hashlib.sha256(key.encode()).hexdigest()) if key else "none"
    text = json.dumps(document)
    for address, name in hosts.items():
        text = text.replace(address, name)
    operation = record.operation or f"{record.method} {record.path}"
    return Sent(operation, record.path, json.loads(text), record.ids, call_of(record), record.status)


def call_of(record: RecordedRequest) -> ProgramCall:
    """Return what the program called, from the header of the request."""
    try:
        method, path, frames = json.loads(record.header(HEADER, ""))
        return ProgramCall(method, path, tuple((file, line) for file, line in frames))
    except (ValueError, TypeError):  # a process that was not prepared
        return ProgramCall()


def _body(content: RequestBody) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if content.kind == "json" and not content.problem:
        if content.json != {}:  # to a call without required fields, the same as no body
            found["body"] = _canonical(content.json)
    elif content.kind in ("form", "multipart") and not content.problem:
        if content.fields:
            found["form"] = sorted(content.fields)
        if content.uploads:
            found["files"] = [
                {"field": each.field, "suffix": PurePath(each.filename).suffix, "sha256": each.sha256}
                for each in content.uploads
            ]
    elif content.size:
        found["content"] = content.raw.decode("utf-8", "backslashreplace")
        found["size"] = content.size
    return found


def _canonical(value: Any) -> Any:
    """Return a JSON value with sorted keys and one form for each number: 5.0 is 5. As in RFC 8785."""
    if isinstance(value, dict):
        return {name: _canonical(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_canonical(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
