"""What a v1 call becomes in v2: the translation's own rules, applied to what is known of the call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

from vimmerse.compat.core.forms import Fields
from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy
from vimmerse.compat.flows.routing import OPERATIONS, V1_HOST, find
from vimmerse.compat.migrate.check.findings import Note, NoteKind
from vimmerse.compat.rules.engine import Operation, draft

#: Stands in an address for what only the run knows.
HOLE = "\x00"
SHOWN = "{...}"
UNKNOWN: Any = object()  # a field's value that only the run knows
_BASE = re.compile(rf"https?://{re.escape(V1_HOST)}(:\d+)?/*", re.IGNORECASE)
_VEILED = re.compile(
    rf"https?://{re.escape(V1_HOST)}(:\d+)?(/?[^/]*{HOLE}|/(story|media)/[^/]+/[^/]*{HOLE})", re.IGNORECASE
)
_METHODS = tuple(dict.fromkeys(operation.method for operation in OPERATIONS.values()))
_POLICY = Policy(mode="lenient", base_url=DEFAULT_BASE_URL, api_key=None)  # nothing of the environment's
_KINDS: Mapping[str, NoteKind] = {"deprecated": "changed", "lossy": "lost", "passthrough": "stays"}


@dataclass
class Payload:
    """The fields of a call, as far as they are known.

    ``values``: by name; ``UNKNOWN`` where only the run knows. ``complete``: whether there are no others.
    """

    values: dict[str, Any] = field(default_factory=dict)
    kind: Literal["none", "form", "multipart", "json"] = "none"
    complete: bool = True


@dataclass(frozen=True)
class Match:
    """A v1 address: the operations that it may be, and how it is shown."""

    operations: tuple[Operation, ...]
    path: str
    query: str


def match(address: str, method: str = "") -> Match | None:
    """The v1 call that an address is, or None. Without a method: all that the path may be."""
    whole = address.replace(HOLE, "HOLE")
    found = tuple(
        call.operation
        for each in ((method,) if method else _METHODS)
        if (call := find(each, whole, _POLICY)) is not None
    )
    if not found:
        return None
    if not method:
        # Where the path itself names an operation, it is no id.
        found = tuple(each for each in found if "{" not in each.path) or found
    path, _, query = address.partition("#")[0].partition("?")
    start = path.index("/", path.index("//") + 2)
    return Match(found, path[start:].replace(HOLE, SHOWN), query)


def is_base(address: str) -> bool:
    """Whether an address is v1's own, with nothing after the host."""
    return _BASE.fullmatch(address) is not None


def is_veiled(address: str) -> bool:
    """Whether it is an address of the API whose path only the run knows."""
    return _VEILED.match(address) is not None


def notes(operation: Operation, payload: Payload) -> tuple[Note, ...]:
    """What there is to say about a call with these fields."""
    if not operation.v2:
        return (Note("stays", "", operation.note.partition(":")[0]),)
    known = {name: value for name, value in payload.values.items() if value is not UNKNOWN}
    open_fields = [name for name, value in payload.values.items() if value is UNKNOWN]
    # A name that neither version knows is lost whatever its value is.
    known.update({name: "..." for name in open_fields if name not in operation.by_field})
    sent = {name: values for name, value in known.items() if (values := _sent(value, payload.kind))}
    made = draft(operation, Fields(sent), _POLICY)
    found = [
        Note(_KINDS[notice.kind], notice.field, notice.text.removeprefix(f"{operation.v1}: "))
        for notice in made.notices
    ]
    if made.passthrough_reason:
        found = [Note("stays", "", made.passthrough_reason)]
    found += list(by_rule(operation, open_fields))
    return tuple(found)


def by_rule(operation: Operation, names: Iterable[str]) -> Iterable[Note]:
    """The rules' own words on fields whose values are not known."""
    for name in names:
        rule = operation.by_field.get(name)
        if rule is None or rule.kind == "same":
            continue
        to = f"{name} -> {rule.to}" if rule.to and rule.to != name else name
        kind: NoteKind = "lost" if rule.kind == "dropped" else "depends" if _branches(rule.kind) else "changed"
        yield Note(kind, name, f"{to}: {rule.note}")


def _branches(kind: str) -> bool:
    return kind in ("approximated", "unsupported")


def _sent(value: Any, kind: str) -> list[Any]:
    """A field's values as the v1 server would get them: a form turns all of them into text."""
    if kind == "json":
        return [value]
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [each if isinstance(each, UploadPart) else str(each) for each in values if each is not None]


def from_query(query: str, payload: Payload) -> Payload:
    """A payload with the query's fields besides."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        if HOLE in name:
            payload.complete = False
        else:
            payload.values.setdefault(name, UNKNOWN if HOLE in value else value)
    return payload
