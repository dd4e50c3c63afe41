"""What a call of a Python program carries."""

from __future__ import annotations

import ast
import json
from typing import Any
from urllib.parse import parse_qsl

from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.migrate.check import become
from vimmerse.compat.migrate.check.become import HOLE, UNKNOWN, Match, Payload
from vimmerse.compat.migrate.check.values import (
    OPAQUE,
    Encoded,
    Items,
    Opaque,
    Plain,
    Scope,
    Table,
    Text,
    Value,
    called,
    evaluate,
    only,
)

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_REQUESTS = frozenset({"request", "stream", "build_request", "Request", "send_request", "urlopen"})
_CARRIERS = ("params", "data", "content", "json", "files")


def payload_of(node: ast.Call, found: Match, scope: Scope) -> Payload | None:
    """What a call carries; None where not even that is known."""
    payload = Payload()
    if any(each.arg is None for each in node.keywords):
        payload.complete = False
    name = called(node)
    given: dict[str, ast.expr] = {each.arg: each.value for each in node.keywords if each.arg is not None}
    if name in VERBS:
        order = ("data", "json") if name in ("post", "put", "patch") else ("params",)
        for key, argument in zip(order, node.args[1:], strict=False):
            given.setdefault(key, argument)
    elif name not in _REQUESTS and not given.keys() & set(_CARRIERS):
        return become.from_query(found.query, payload) if found.query else None
    for key in _CARRIERS:
        if key in given:
            _fill(payload, key, only(evaluate(given[key], scope)))
    return become.from_query(found.query, payload) if found.query else payload


def _fill(payload: Payload, key: str, value: Value) -> None:
    if isinstance(value, Plain) and value.value is None:
        return
    if key == "files":
        files, complete = uploads(value)
        payload.values.update(files)
        payload.kind, payload.complete = "multipart", payload.complete and complete
        return
    if key != "params" and payload.kind == "none":
        payload.kind = "json" if key == "json" else "form"
    if isinstance(value, Encoded):
        payload.kind, value = "json", value.value
    if isinstance(value, Text):
        pairs = parse_qsl(value.text, keep_blank_values=True)
        value = Table({name: Text(text) for name, text in pairs if HOLE not in name}, HOLE not in value.text)
    if isinstance(value, Items):  # pairs, a repeated field in several of them
        value = _table_of(value)
    if not isinstance(value, Table):
        payload.complete = False
        return
    payload.complete = payload.complete and value.complete
    for name, each in value.items.items():
        payload.values[name], whole = sent(each)
        payload.complete = payload.complete and whole


def _table_of(items: Items) -> Table | Opaque:
    found: dict[str, list[Value]] = {}
    for item in items.items:
        if not (isinstance(item, Items) and len(item.items) == 2 and isinstance(item.items[0], Text)):
            return OPAQUE
        found.setdefault(item.items[0].text, []).append(item.items[1])
    return Table({name: each[0] if len(each) == 1 else Items(tuple(each)) for name, each in found.items()})


def sent(value: Value) -> tuple[Any, bool]:
    """A field's value for the rules, ``UNKNOWN`` unless it or its shape is known; and whether all of it is known."""
    if isinstance(value, Text):
        return (UNKNOWN, False) if HOLE in value.text else (value.text, True)
    if isinstance(value, Plain):
        return value.value, True
    if isinstance(value, Items) and all(isinstance(item, Opaque) for item in value.items):
        return UNKNOWN, False
    if isinstance(value, Encoded | Items | Table):
        reading = _Reading()
        return reading.read(value), reading.whole
    return UNKNOWN, False


class _Reading:
    """Reads a value with all that is in it, within limits: it may hold the same list a million times."""

    def __init__(self) -> None:
        self.whole = True
        self._left = 10_000

    def read(self, value: Value) -> Any:
        """The value; dots for what is not known of it."""
        self._left -= 1
        if isinstance(value, Text):
            self.whole &= HOLE not in value.text
            return value.text.replace(HOLE, "...")
        if isinstance(value, Plain):
            return value.value
        if self._left > 0:
            if isinstance(value, Items):
                return [self.read(item) for item in value.items]
            if isinstance(value, Table):
                self.whole &= value.complete
                return {name: self.read(item) for name, item in value.items.items()}
            if isinstance(value, Encoded):
                return json.dumps(self.read(value.value))
        self.whole = False
        return "..."


def uploads(value: Value) -> tuple[dict[str, list[UploadPart]], bool]:
    """The files of a ``files=`` argument by their fields' names, and whether these are all."""
    pairs: list[tuple[Value, Value]] = []
    complete = True
    if isinstance(value, Table):
        pairs = [(Text(name), each) for name, each in value.items.items()]
        complete = value.complete
    elif isinstance(value, Items):
        for item in value.items:
            if isinstance(item, Items) and len(item.items) == 2:
                pairs.append((item.items[0], item.items[1]))
            else:
                complete = False
    else:
        return {}, False
    found: dict[str, list[UploadPart]] = {}
    for name, each in pairs:
        if not isinstance(name, Text) or HOLE in name.text:
            complete = False
            continue
        first = each.items[0] if isinstance(each, Items) and each.items else OPAQUE
        filename = first.text.replace(HOLE, "...") if isinstance(first, Text) else "..."
        found.setdefault(name.text, []).append(UploadPart(name.text, filename or "...", "", b""))
    return found, complete
