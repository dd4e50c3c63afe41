"""Content types: what named a form names JSON after the migration."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst import matchers
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.syntax import comma, keyword_argument, quoted
from vimmerse.compat.migrate.rewrite.values import Dict, ExternalInstance, HttpCall, Text, only

_FORM = "application/x-www-form-urlencoded"


def rename_content_types(plan: Plan) -> None:
    """Change the form's content type to JSON's.

    It is changed where a rewritten call gets it, and in the other places of a module all whose calls are rewritten: the
    headers of a session.
    """
    named: dict[cst.CSTNode, bool] = {}
    for call in plan.analysis.calls:
        for node in content_types_of(call):
            named[node] = named.get(node, True) and plan.is_migrated(call)
    for path, module in plan.analysis.program.modules.items():
        calls = [call for call in plan.analysis.calls if call.path == path and call.method != "GET"]
        is_all = bool(calls) and all(plan.is_migrated(call) for call in calls)
        literals = matchers.findall(module.tree, matchers.SimpleString()) if _FORM in module.source.lower() else ()
        for node in literals:
            assert isinstance(node, cst.SimpleString)
            if node.raw_value.lower() == _FORM and named.get(node, is_all):
                new = node.with_changes(value=node.value.replace(node.raw_value, "application/json"))
                plan.edits[path].replace(node, new)


def content_types_of(call: HttpCall) -> Iterator[cst.CSTNode]:
    """Yield the literals that name a form as the content type in the headers of a call."""
    for value in call.arguments["headers"].values if "headers" in call.arguments else ():
        if isinstance(value, Dict):
            for entry in value.object.entries:
                for text in entry.values:
                    if isinstance(text, Text) and (text.literal or "").lower() == _FORM:
                        yield from (piece.node for piece in text.pieces)


def can_name_json(call: HttpCall) -> bool:
    """Return whether the headers of a urllib call can be changed where it is made: it has a ``Request``."""
    request = _request_of(call)
    headers = call.arguments.get("headers")
    return request is not None and (headers is None or isinstance(headers.node, cst.Arg))


def add_content_type(plan: Plan, call: HttpCall) -> None:
    """Name JSON in the headers of a ``urllib.request.Request``, which calls every body a form by default."""
    request, headers = _request_of(call), call.arguments.get("headers")
    assert request is not None
    if headers is not None:
        match only(headers.values):
            case Dict(object=known) if any((entry.key or "").lower() == "content-type" for entry in known.entries):
                return  # its value is renamed
    if not plan.first_time((request, "headers")):
        return
    edits, quote = plan.edits_of(request), plan.quote_of(request)
    if headers is None:
        edits.change(request, lambda old: old.with_changes(args=[*_separated(old.args), _json_type(quote, None)]))
    else:
        edits.change(headers.node, lambda old: _json_type(quote, old))


def _request_of(call: HttpCall) -> cst.Call | None:
    if isinstance(call.client, ExternalInstance) and isinstance(call.client.node, cst.Call):
        return call.client.node
    return None


def _separated(arguments: object) -> list[cst.Arg]:
    assert isinstance(arguments, list | tuple)
    return [argument.with_changes(comma=comma()) for argument in arguments]


def _json_type(quote: str, headers: cst.Arg | None) -> cst.Arg:
    """Return the argument ``headers`` with JSON's content type."""
    name, value = (quoted(text, quote) for text in ("Content-Type", "application/json"))
    entry = cst.DictElement(name, value)
    if headers is None:
        return keyword_argument("headers", cst.Dict([entry]))
    if isinstance(headers.value, cst.Dict):
        elements = [element.with_changes(comma=comma()) for element in headers.value.elements]
        return headers.with_changes(value=headers.value.with_changes(elements=[*elements, entry]))
    return headers.with_changes(value=cst.Dict([cst.StarredDictElement(headers.value, comma=comma()), entry]))
