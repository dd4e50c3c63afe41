"""Which requests are v1 calls, and of which operation.

v1 is: the host ``api.vimmerse.net`` (http or https, any port, any case) or the configured base URL's own host and
port, and a method and path of the tables in ``vimmerse.compat.rules``. Everything else is none of our business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from vimmerse.compat.core.engine import Operation
from vimmerse.compat.core.forms import Fields
from vimmerse.compat.core.policy import Origin, Policy
from vimmerse.compat.rules import media, story

_CONTROL = re.compile("[\x00-\x1f]")
V1_HOST = "api.vimmerse.net"
OPERATIONS: Mapping[str, Operation] = {operation.v1: operation for operation in (*story.OPERATIONS, *media.OPERATIONS)}

# By method and what the path looks like: literal paths first, then "" where an id stands.
_ROUTES: Mapping[tuple[str, ...], Operation] = {
    (operation.method, *("" if step.startswith("{") else step for step in operation.path.split("/")[1:])): operation
    for operation in OPERATIONS.values()
}


class Call(NamedTuple):
    """A v1 call: its operation, the id in its path (decoded), and its query."""

    operation: Operation
    id: str
    path: str  # as the caller wrote it, below the base URL's own prefix
    query: str

    def query_fields(self) -> Fields:
        """The query as fields; a repeated name keeps all its values."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return Fields(values, "form")

    def v2_path(self, id: str | None = None) -> str:
        """The path of the v2 operation, for another id where one is given."""
        return _v2_path(self.operation.v2_path, self.id if id is None else id)


def _v2_path(template: str, id: str) -> str:
    before, brace, after = template.partition("{")
    return before + quote(id, safe="") + after.partition("}")[2] if brace else template


def _port(port: int | None) -> int | None:
    # The default ports of both schemes are one place: v1's own pages write http:// for some calls.
    return None if port in (None, 80, 443) else port


def find(method: str, url: str, policy: Policy) -> Call | None:
    """The v1 call that this request is, or None."""
    # Most requests of a process are not ours: the cheapest test comes first.
    if "/story" not in url and "/media" not in url:
        return None
    return _find(method, url, policy.origin)


def _find(method: str, url: str, base: Origin) -> Call | None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    path = parts.path
    if host == base.host and _port(port) == base.port:
        if base.prefix and path.startswith(base.prefix + "/"):
            path = path[len(base.prefix) :]
        elif base.prefix and host != V1_HOST:
            return None
    elif host.rstrip(".") != V1_HOST:
        return None
    steps = path.split("/")[1:]
    if steps and not steps[-1]:
        steps.pop()  # v1's server takes a trailing slash for none
    operation, id = _match(method.upper(), steps)
    return Call(operation, id, path, parts.query) if operation else None


def _match(method: str, steps: list[str]) -> tuple[Operation | None, str]:
    if not 1 <= len(steps) <= 3:
        return None, ""
    operation = _ROUTES.get((method, *steps))
    if operation is not None or len(steps) == 1:
        return operation, ""
    id = unquote(steps[1])
    if id in ("", ".", "..") or "/" in id or "\\" in id or _CONTROL.search(id):
        return None, ""
    return _ROUTES.get((method, steps[0], "", *steps[2:])), id
