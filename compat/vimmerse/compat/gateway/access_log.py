"""The access log: one JSON line for each request.

* It contains no key, body, header or query, and only a template of the path, without ids.
* The line of a paid call names the ids in its responses, even if the client has disconnected: no job is lost.
* It contains the kind of a notice and the names of its fields, not the client's values.
"""

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from vimmerse._http.redaction import NO_SECRETS, Secrets
from vimmerse.compat.core.messages import Notice, Pairs
from vimmerse.compat.runtime.job_ids import ids_in

LOGGER = "vimmerse.gateway.access"
_logger = logging.getLogger(LOGGER)
_CLIENT_CLOSED_REQUEST = 499  # nginx's status for a request without a response
_MAX_ID_LENGTH = 200
_MAX_ITEMS = 50  # notices, and calls, of one line
_MAX_FIELD_LENGTH = 100  # the client may have invented the field


def job_ids(content: bytes, headers: Pairs = ()) -> list[str]:
    """The ids in a response's ``id``, ``data.id`` and ``created_ids``. ``headers`` say how it is compressed."""
    encoding = [pair for pair in headers if pair[0].lower() == "content-encoding"]
    try:
        content = httpx.Response(200, headers=encoding, content=content).content
    except (ValueError, httpx.DecodingError):
        return []
    ids: list[object] = [*ids_in(content)]
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError):
        payload = None
    created = payload.get("created_ids") if isinstance(payload, dict) else None
    ids.extend(created if isinstance(created, list) else [])
    return [id for id in ids if isinstance(id, str) and 0 < len(id) <= _MAX_ID_LENGTH]


@dataclass(slots=True)
class AccessRecord:
    """What the log will say about one request."""

    method: str
    path: str = ""
    kind: str = "refused"  # then "v1" or "untouched"
    enabled: bool = True
    status: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    calls: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    paid: bool = False  # a request that may cost credits has started
    committed: bool = False  # the call must complete even if the client disconnects
    error: str = ""
    disconnected: bool = False
    secrets: Secrets = NO_SECRETS  # a key may also be a segment of the path, or an id in a response
    started: float = field(default_factory=time.perf_counter)
    _written: bool = False

    def add_ids(self, ids: list[str]) -> None:
        """Add ids, each once."""
        self.ids.extend(id for id in ids if id not in self.ids)

    def write(self) -> None:
        """Write the line, once. A disabled log still has calls that may have cost credits and went wrong."""
        lost_response = self.committed and (self.disconnected or bool(self.error))
        if self._written or not (self.enabled or lost_response):
            return
        self._written = True
        redact = self.secrets.redact
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": redact(self.method),
            "path": redact(self.path),
            "kind": self.kind,
            "status": self.status or _CLIENT_CLOSED_REQUEST,
            "ms": round((time.perf_counter() - self.started) * 1000, 1),
            "bytes_in": self.bytes_in,
            "bytes_out": self.bytes_out,
            "calls": [redact(call) for call in self.calls[:_MAX_ITEMS]],
        }
        optional = {
            "paid": self.paid,
            "ids": [redact(id) for id in self.ids],
            "notices": [
                {"kind": notice.kind, "field": notice.field[:_MAX_FIELD_LENGTH], "v2_field": notice.v2_field}
                for notice in self.notices[:_MAX_ITEMS]
            ],
            "error": self.error,
            "disconnected": self.disconnected,
        }
        line.update({name: value for name, value in optional.items() if value})
        # Nobody else may know the ids: the line does not wait for others.
        _logger.info("%s", json.dumps(line), extra={"flush": lost_response})
