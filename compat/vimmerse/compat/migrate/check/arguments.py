"""The fields that a call in a Python program sends."""

from __future__ import annotations

import ast
import json
from typing import Any
from urllib.parse import parse_qsl

from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.migrate.check.expressions import called_name, evaluate
from vimmerse.compat.migrate.check.recognition import UNKNOWN, WILDCARD, CallPayload, Unknown, V1Address
from vimmerse.compat.migrate.check.values import Array, Dict, JsonText, Namespace, Scope, Text, Value, single

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_REQUEST_FUNCTIONS = frozenset({"request", "stream", "build_request", "Request", "send_request", "urlopen"})
_FIELD_ARGUMENTS = ("params", "data", "content", "json", "files")


def payload_of(node: ast.Call, address: V1Address, scope: Scope) -> CallPayload | None:
    """The fields that a call sends; None where nothing is known of them."""
    payload = CallPayload(complete=all(each.arg is not None for each in node.keywords))
    arguments = {each.arg: each.value for each in node.keywords if each.arg is not None}
    name = called_name(node)
    if name in VERBS:
        positional = ("data", "json") if name in ("post", "put", "patch") else ("params",)
        for key, argument in zip(positional, node.args[1:], strict=False):
            arguments.setdefault(key, argument)
    elif name in ("Request", "urlopen") and len(node.args) > 1:
        arguments.setdefault("data", node.args[1])
    elif name == "request" and len(node.args) > 2:  # of http.client
        arguments.setdefault("data", node.args[2])
    elif name not in _REQUEST_FUNCTIONS and arguments.keys().isdisjoint(_FIELD_ARGUMENTS):
        return payload.add_query(address.query) if address.query else None
    for key in _FIELD_ARGUMENTS:
        value = single(evaluate(arguments[key], scope)) if key in arguments else None
        if value is not None and key == "files":
            _add_files(payload, value)
        elif value is not None:
            _add_fields(payload, key, value)
    return payload.add_query(address.query)


def _add_files(payload: CallPayload, value: Value) -> None:
    payload.encoding = "multipart"
    pairs, complete = _pairs(value)
    payload.complete = payload.complete and complete
    files: dict[str, list[UploadPart]] = {}
    for name, file in pairs:
        filename = "..."
        match file:
            case Array((Text(text), *_)) if text:  # ("a.png", open(...))
                filename = text.replace(WILDCARD, "...")
        files.setdefault(name, []).append(UploadPart(name, filename, "", b""))
    payload.values.update(files)


def _add_fields(payload: CallPayload, argument: str, value: Value) -> None:
    if argument != "params" and payload.encoding == "none":
        payload.encoding = "json" if argument == "json" else "form"
    if isinstance(value, JsonText):
        payload.encoding, value = "json", value.value
    if isinstance(value, Text):
        fields = parse_qsl(value.text, keep_blank_values=True)
        value = Dict({name: Text(text) for name, text in fields if WILDCARD not in name}, WILDCARD not in value.text)
    pairs, complete = _pairs(value)
    if isinstance(value, Array):
        # A name may be in several pairs: then it has all their values.
        grouped: dict[str, list[Value]] = {}
        for name, each in pairs if complete else ():
            grouped.setdefault(name, []).append(each)
        pairs = [(name, each[0] if len(each) == 1 else Array(tuple(each))) for name, each in grouped.items()]
    for name, each in pairs:
        payload.values[name], known = _known_value(each)
        complete = complete and known
    payload.complete = payload.complete and complete


def _pairs(value: Value) -> tuple[list[tuple[str, Value]], bool]:
    """The items of a dict or a list of pairs, and whether there are no others."""
    if isinstance(value, Dict):
        return list(value.items.items()), value.complete
    pairs: list[tuple[str, Value]] = []
    if not isinstance(value, Array):
        return pairs, False
    for item in value.items:
        match item:
            case Array((Text(name), each)) if WILDCARD not in name:
                pairs.append((name, each))
    return pairs, len(pairs) == len(value.items)


def _known_value(value: Value) -> tuple[Any, bool]:
    """A field's value for the rules, and whether all of it is known."""
    match value:
        case Unknown() | Namespace():
            return UNKNOWN, False
        case Text(text) if WILDCARD in text:
            return UNKNOWN, False
        case Array(items) if all(item is UNKNOWN for item in items):
            return UNKNOWN, False
    reader = _ValueReader()
    return reader.read(value), reader.complete


class _ValueReader:
    """Reads nested values, up to a limit: a program may nest the same list a million times."""

    def __init__(self) -> None:
        self.complete = True
        self._remaining = 1000

    def read(self, value: Value) -> Any:
        """The value, with dots for what is not known."""
        self._remaining -= 1
        match value:
            case Text(text):
                self.complete &= WILDCARD not in text
                return text.replace(WILDCARD, "...")
            case None | bool() | int() | float():
                return value
            case Array(items) if self._remaining > 0:
                return [self.read(item) for item in items]
            case Dict(items, complete) if self._remaining > 0:
                self.complete &= complete
                return {name: self.read(item) for name, item in items.items()}
            case JsonText(inner) if self._remaining > 0:
                return json.dumps(self.read(inner))
        self.complete = False
        return "..."
