"""The fields of a body that are sent only where they are set."""

from __future__ import annotations

import libcst as cst
from vimmerse.compat.migrate.rewrite.code import is_same
from vimmerse.compat.migrate.rewrite.groups import Payload
from vimmerse.compat.migrate.rewrite.symbols import Symbol, symbols_in

#: What is changed where it sets fields.
_CHANGED = cst.Dict | cst.Call | cst.Assign | cst.AnnAssign


def note_optional(payload: Payload) -> tuple[str, str] | None:
    """Find the fields that are sent only where they are set. Return why that can't be done, if it can't."""
    for group in payload.groups:
        for path, value in group.changed.items():
            for symbol in symbols_in(value):
                if not symbol.is_optional or symbol.has_default:
                    continue
                simple = isinstance(symbol.node, cst.Name | cst.Attribute | cst.Subscript) or _is_get(symbol.node)
                if not isinstance(value, Symbol) or not simple or group.is_step or "." in path:
                    name = payload.translated.origins.get(path, path)
                    return f"{name} may be empty, and v1 leaves out what is empty.", "unknown value"
                payload.optional[path] = symbol
    return None


def why_unchangeable(payload: Payload) -> tuple[str, str] | None:
    """Return why a field can't be changed where it is set: by ``setdefault``, or a pair that ``update`` takes."""
    translated, sources = payload.translated, payload.structure.sources
    if payload.object is None or payload.object.pairs:
        return None
    for group in payload.groups:
        for entry in group.entries if not isinstance(group.node, _CHANGED) else ():
            key = entry.key or ""
            stays = group.by_entry.get(entry) == [key] and key not in translated.conversions | payload.optional
            if not (stays and key in sources and is_same(sources[key][1], group.changed[key])):
                return f"{key} is set in a way that can't be changed here.", "built in steps"
    return None


def _is_get(node: cst.BaseExpression) -> bool:
    """Return whether an expression is ``row.get("title")`` or ``os.getenv("TITLE")``, which may be evaluated twice."""
    match node:
        case cst.Call(
            func=cst.Attribute(value=cst.Name() | cst.Attribute(), attr=cst.Name(value="get" | "getenv")),
            args=[cst.Arg(value=cst.SimpleString())],
        ):
            return True
    return False
