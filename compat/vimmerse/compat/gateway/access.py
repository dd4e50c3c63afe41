"""The access log: one JSON line a request.

Laws:

* No key, no body, no header, no query, and of a path only its template: ids and signed addresses stay out.
* A paid call's line names the ids that its answers named, also when the caller is gone: nothing is orphaned.
* A notice is told by its kind and its field, without the caller's value.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from vimmerse.compat.core.messages import Notice, Pairs
from vimmerse.compat.core.redaction import NO_SECRETS, Secrets
from vimmerse.compat.runtime.job_ids import ids_in

CLIENT_CLOSED = 499  # nothing was answered, since nobody was there
LOGGER = "vimmerse.gateway.access"
_logger = logging.getLogger(LOGGER)

# A word of a path that is no id: v2, story, idea-2-video.
_WORD = re.compile(r"v\d|[a-z]+(-2)?(-[a-z]+)*")
_WORD_LENGTH = 24
_SEGMENTS = 8
_LONGEST_ID = 200
_MOST = 50  # notices and calls of one line
_FIELD_LENGTH = 100  # a field's name may be the caller's invention


def template(path: str) -> str:
    """A path with ``{}`` in place of every segment that does not look like a word of an API."""
    steps = path.split("/")[1:]
    shown = ["{}" if step and not (len(step) <= _WORD_LENGTH and _WORD.fullmatch(step)) else step for step in steps]
    return "/" + "/".join(shown[:_SEGMENTS]) + ("/..." if len(shown) > _SEGMENTS else "")


def job_ids(content: bytes, headers: Pairs = ()) -> list[str]:
    """The ids that an answer names: ``id``, ``data.id``, ``created_ids``. ``headers`` say how it is encoded."""
    coding = [pair for pair in headers if pair[0].lower() == "content-encoding"]
    try:
        content = httpx.Response(200, headers=coding, content=content).content
    except (ValueError, httpx.DecodingError):
        return []
    named: list[object] = [*ids_in(content)]
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    created = found.get("created_ids") if isinstance(found, dict) else None
    named.extend(created if isinstance(created, list) else [])
    return [id for id in named if isinstance(id, str) and 0 < len(id) <= _LONGEST_ID]


@dataclass(slots=True)
class Record:
    """What the log will say about one request."""

    method: str
    path: str
    kind: str = "refused"  # until it is known: "v1" or "untouched"
    enabled: bool = True
    status: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    calls: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    paid: bool = False  # a request that may cost credits has begun
    committed: bool = False  # a request has begun that must be seen through, whether the caller waits or not
    error: str = ""
    disconnected: bool = False
    secrets: Secrets = NO_SECRETS  # a caller may use his key as a word of a path, and the API as an id
    clock: Callable[[], float] = time.perf_counter
    started: float = field(init=False)
    _finished: bool = False

    def __post_init__(self) -> None:
        self.started = self.clock()

    def note_ids(self, ids: list[str]) -> None:
        """Remember ids, each once."""
        self.ids.extend(id for id in ids if id not in self.ids)

    def finish(self) -> None:
        """Write the line; only the first time counts. A call that may have cost credits unseen is told in any case."""
        if self._finished or not (self.enabled or (self.committed and (self.disconnected or self.error))):
            return
        self._finished = True
        shown = self.secrets.text
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": shown(self.method),
            "path": shown(self.path),
            "kind": self.kind,
            "status": self.status or CLIENT_CLOSED,
            "ms": round((self.clock() - self.started) * 1000, 1),
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            "calls": [shown(call) for call in self.calls[:_MOST]],
        }
        if self.paid:
            line["paid"] = True
        if self.ids:
            line["ids"] = [shown(id) for id in self.ids]
        if self.notices:
            line["notices"] = [
                {"kind": notice.kind, "field": notice.field[:_FIELD_LENGTH], "v2_field": notice.v2_field}
                for notice in self.notices[:_MOST]
            ]
        if self.error:
            line["error"] = self.error
        if self.disconnected:
            line["disconnected"] = True
        _logger.info("%s", json.dumps(line))
