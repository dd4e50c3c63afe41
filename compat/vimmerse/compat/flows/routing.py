"""Which requests are calls to the API, and which of them are v1 calls, of which operation.

A call to the API is one to the host ``api.vimmerse.net`` (http or https, any port, any case), or to the configured base
URL's own host and port, below its path. A v1 call is one of these whose method and percent-decoded path are in the
tables of ``vimmerse.compat.rules``; every other call to the API goes to the base URL as it is. Calls to any other host
are none of our business.

Nothing is cached by what a caller sends: URLs hold ids, and may hold credentials.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.rules import media, story
from vimmerse.compat.rules.engine import Operation

_CONTROL = re.compile("[\x00-\x1f\x7f]")
V1_HOST = "api.vimmerse.net"
OPERATIONS: Mapping[str, Operation] = {operation.v1: operation for operation in (*story.OPERATIONS, *media.OPERATIONS)}

# By method and what the path looks like: literal paths first, then "" where an id stands.
_ROUTES: Mapping[tuple[str, ...], Operation] = {
    (operation.method, *("" if step.startswith("{") else step for step in operation.path.split("/")[1:])): operation
    for operation in OPERATIONS.values()
}


class V1Call(NamedTuple):
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
    return before + quote(id, safe="", errors="replace") + after.partition("}")[2] if brace else template


def _port(port: int | None) -> int | None:
    # The default ports of both schemes are one target: v1's own pages write http:// for some calls.
    return None if port in (None, 80, 443) else port


class ApiTarget(NamedTuple):
    """Where a call to the API goes: its path below the base URL, as the caller wrote it, and its query."""

    path: str
    query: str
    decoded: str  # the path, its percent-escapes decoded once


_URL = re.compile(
    r"https?://(?:[^/?#]*@)?"  # credentials
    r"(\[[^\]/?#]*\]|[^:/?#@]*)(?::([0-9]*))?(?=[/?#]|\Z)"  # host and port
    r"([^?#]*)(?:\?([^#]*))?",  # path and query
    re.IGNORECASE | re.ASCII,
)


def locate(url: str, policy: Policy) -> ApiTarget | None:
    """Where this call goes, if it is one to the API."""
    base = policy.origin
    # Most requests of a process are not ours: the cheapest test comes first.
    if base.host not in url and V1_HOST not in url:
        text = url.lower()
        if base.host not in text and V1_HOST not in text:
            return None
    match = _URL.match(url)
    if match is None:
        return None
    host, digits, path, query = match[1].lower().strip("[]"), match[2], match[3], match[4] or ""
    if digits and len(digits) > 5:
        return None
    port = int(digits) if digits else None
    host = host.rstrip(".")  # of a name that is spelled out to the root
    if host == base.host and _port(port) == base.port:
        below = _below(base.prefix, path)
        if below is None and host != V1_HOST:
            return None
        path = path if below is None else below
    elif host != V1_HOST:
        return None
    return ApiTarget(path, query, unquote(path) if "%" in path else path)


def _below(prefix: str, path: str) -> str | None:
    """What of a path lies below the base URL's own, however that is escaped; None where it lies elsewhere."""
    if not prefix:
        return path
    steps = path.split("/", prefix.count("/") + 1)
    own = "/".join(steps[: prefix.count("/") + 1])
    if prefix in (own, unquote(own)):
        return path[len(own) :]
    # A server may tidy the path up before it looks: "//prefix", "/elsewhere/%2e%2e/prefix".
    tidy = posixpath.normpath("/" + unquote(path).replace("\\", "/").lstrip("/"))
    return quote(tidy[len(prefix) :]) if tidy.startswith(f"{prefix}/") else None


def find_v1_call(method: str, url: str, policy: Policy) -> V1Call | None:
    """The v1 call that this request is, or None."""
    target = locate(url, policy)
    return None if target is None else match_v1_call(method, target)


def match_v1_call(method: str, target: ApiTarget) -> V1Call | None:
    """The v1 call that goes there, or None."""
    steps = target.path.split("/")[1:]
    if steps and not steps[-1]:
        steps.pop()  # v1's server takes a trailing slash for none
    operation, id = _match(method.upper(), [unquote(step) if "%" in step else step for step in steps])
    return V1Call(operation, id, target.path, target.query) if operation else None


def _match(method: str, steps: list[str]) -> tuple[Operation | None, str]:
    if not 1 <= len(steps) <= 3 or steps[0] not in ("story", "media"):
        return None, ""
    operation = _ROUTES.get((method, *steps))
    if operation is not None or len(steps) == 1:
        return operation, ""
    id = steps[1]
    if id in ("", ".", "..") or "/" in id or "\\" in id or _CONTROL.search(id):
        return None, ""
    return _ROUTES.get((method, steps[0], "", *steps[2:])), id
