"""Which requests are calls to the API, and which of these are v1 Story or Media calls.

A call to the API goes to the host ``api.vimmerse.net`` (http or https, any port, any case), or to the host and port of
the configured base URL, below its path. A v1 call is one whose method and percent-decoded path are in the tables of
``vimmerse.compat.rules``. Nothing is cached by what a caller sends: URLs hold ids, and may hold credentials.
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

V1_HOST = "api.vimmerse.net"
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_URL = re.compile(
    r"https?://(?:[^/?#]*@)?"  # credentials
    r"(\[[^\]/?#]*\]|[^:/?#@]*)(?::([0-9]*))?(?=[/?#]|\Z)"  # host and port
    r"([^?#]*)(?:\?([^#]*))?",  # path and query
    re.IGNORECASE | re.ASCII,
)


def route_key(template: str) -> tuple[str, ...]:
    """Return the method and the steps of the path of an operation's template, with "" for an id."""
    method, _, path = template.partition(" ")
    return (method, *("" if step.startswith("{") else step for step in path.split("/")[1:]))


OPERATIONS: Mapping[str, Operation] = {operation.v1: operation for operation in (*story.OPERATIONS, *media.OPERATIONS)}
_ROUTES: Mapping[tuple[str, ...], Operation] = {route_key(v1): operation for v1, operation in OPERATIONS.items()}
#: The paths of the v2 operations without an id.
FIXED_V2_PATHS = frozenset(operation.v2_path for operation in OPERATIONS.values() if "{" not in operation.v2_path)


#: The names of all v1 fields, for texts that must not contain a name that a caller has invented.
FIELD_NAMES = frozenset(
    rule.field
    for operation in OPERATIONS.values()
    for rules in (operation.rules, operation.extra_rules, *operation.nested.values())
    for rule in rules
)


class V1Call(NamedTuple):
    """A v1 call: its operation, the decoded id in its path, the path below the base URL as it was sent, its query."""

    operation: Operation
    id: str
    path: str
    query: str

    def query_fields(self) -> Fields:
        """Return the query as fields; a repeated name keeps all its values."""
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return Fields(values, "form")

    def v2_path(self) -> str:
        """Return the path of the v2 operation."""
        before, brace, after = self.operation.v2_path.partition("{")
        id = quote(self.id, safe="", errors="replace") if brace else ""
        return before + id + after.partition("}")[2]


class ApiTarget(NamedTuple):
    """Where a call to the API goes: its path below the base URL and its query, both as they were sent."""

    path: str
    query: str
    decoded: str  # the path, percent-decoded once


def locate(url: str, policy: Policy) -> ApiTarget | None:
    """Return where a call goes, or None if it is not a call to the API."""
    base = policy.origin
    # Most requests of a process go elsewhere: the cheapest test comes first.
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
    host = host.rstrip(".")  # of a fully qualified name
    if host == base.host and _without_default_port(port) == base.port:
        below = _path_below(base.prefix, path)
        if below is None and host != V1_HOST:
            return None
        path = path if below is None else below
    elif host != V1_HOST:
        return None
    return ApiTarget(path, query, unquote(path) if "%" in path else path)


def _without_default_port(port: int | None) -> int | None:
    # The default ports of both schemes are the same origin: v1's own pages write http:// for some calls.
    return None if port in (None, 80, 443) else port


def _path_below(prefix: str, path: str) -> str | None:
    """Return the part of a path below the base URL's own, however that is escaped, or None if it is elsewhere."""
    if not prefix:
        return path
    steps = path.split("/", prefix.count("/") + 1)
    own = "/".join(steps[: prefix.count("/") + 1])
    if prefix in (own, unquote(own)):
        return path[len(own) :]
    # A server may normalize the path before it compares: "//prefix", "/elsewhere/%2e%2e/prefix".
    normalized = posixpath.normpath("/" + unquote(path).replace("\\", "/").lstrip("/"))
    return quote(normalized[len(prefix) :]) if normalized.startswith(f"{prefix}/") else None


def find_v1_call(method: str, url: str, policy: Policy) -> V1Call | None:
    """Return the v1 call that a request is, or None."""
    target = locate(url, policy)
    return None if target is None else match_v1_call(method, target)


def match_v1_call(method: str, target: ApiTarget) -> V1Call | None:
    """Return the v1 call to a target, or None."""
    steps = target.path.split("/")[1:]
    if steps and not steps[-1]:
        steps.pop()  # v1's server ignores a trailing slash
    steps = [unquote(step) if "%" in step else step for step in steps]
    if not 1 <= len(steps) <= 3 or steps[0] not in ("story", "media"):
        return None
    method, id = method.upper(), ""
    operation = _ROUTES.get((method, *steps))  # a path without an id comes first
    if operation is None and len(steps) > 1:
        id = steps[1]
        if id in ("", ".", "..") or "/" in id or "\\" in id or _CONTROL.search(id):
            return None
        operation = _ROUTES.get((method, steps[0], "", *steps[2:]))
    return V1Call(operation, id, target.path, target.query) if operation else None
