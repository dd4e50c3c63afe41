"""The v1 calls of a program: find them, decide which can be rewritten, and change their addresses and bodies."""

from __future__ import annotations

from functools import partial
from typing import Any

import libcst as cst
from vimmerse.compat.core.fields import FieldsKind
from vimmerse.compat.migrate.rewrite.addresses import (
    LiteralChange,
    addresses_of,
    can_change,
    changed_literal,
    changes_of,
)
from vimmerse.compat.migrate.rewrite.dicts import change_payload
from vimmerse.compat.migrate.rewrite.downloads import plan_download
from vimmerse.compat.migrate.rewrite.groups import Payload
from vimmerse.compat.migrate.rewrite.headers import add_content_type, can_name_json, rename_content_types
from vimmerse.compat.migrate.rewrite.keys import add_keys
from vimmerse.compat.migrate.rewrite.payloads import plan_payload
from vimmerse.compat.migrate.rewrite.plan import Plan, PlannedCall
from vimmerse.compat.migrate.rewrite.process import ProcessAgain
from vimmerse.compat.migrate.rewrite.sharing import RequestChange, is_nothing, leave, settle, widen
from vimmerse.compat.migrate.rewrite.syntax import keyword_argument
from vimmerse.compat.migrate.rewrite.uploads import Uploader, add_uploads, uploads_of
from vimmerse.compat.migrate.rewrite.values import (
    Argument,
    Constant,
    Dict,
    DictObject,
    Encoded,
    HttpCall,
    List,
    Value,
)

#: Why a call is left, and the rule that says so.
Problem = tuple[str, str]


def rewrite_requests(plan: Plan) -> None:
    """Find the v1 calls of a program, and change the requests of those that can be rewritten."""
    widen(plan)
    requests: list[RequestChange] = []
    others: list[HttpCall] = []
    for call in plan.analysis.calls:
        request = _find(plan, call)
        if request is None:
            others.append(call)
        else:
            requests.append(request)
    settle(plan, requests, others)
    for request in requests:
        _apply(plan, request)
    for request in requests:
        if request.v1.state != "left":
            plan.literals.extend(request.literals)
    rename_content_types(plan)
    add_keys(plan)
    _note(plan)


def _find(plan: Plan, call: HttpCall) -> RequestChange | None:
    source = plan.analysis.program.modules[call.path].source.lower()
    addresses = [address for address in addresses_of(call, mentions_api="vimmerse" in source) if address.is_v1]
    if not addresses:
        return None
    operations = {address.operation for address in addresses}
    first = addresses[0]
    if len(operations) != 1 or first.operation is None:
        reason = first.reason or "it may be " + " or ".join(
            sorted(address.operation.v1 for address in addresses if address.operation is not None)
        )
        plan.note(
            call.path, _place(plan, call), "call", "", "left", f"{reason[0].upper()}{reason[1:]}.", "unknown call"
        )
        return None
    v1 = plan.calls[call] = PlannedCall(call, first.operation, first.pattern)
    changes: list[LiteralChange] = []
    if not first.operation.v2:
        leave(v1, first.operation.note[0].upper() + first.operation.note[1:], "unsupported")
        addresses = []
    for address in addresses:
        changed = changes_of(address)
        if changed is None or not can_change(changed):
            leave(v1, "Its address is built in a way that can't be changed here.", "unknown address")
            break
        changes.extend(change for change in changed if change not in changes)
    request = RequestChange(v1, first, changes)
    if v1.state != "left":
        _plan_body(plan, request)
    return request


def _plan_download(plan: Plan, request: RequestChange) -> None:
    download = plan_download(plan, request.v1.call, request.address)
    if download.problem is not None:
        leave(request.v1, *download.problem)
        return
    request.literals = [*request.literals, *download.changes]
    request.v1.result_index = download.index
    if download.reviews:
        request.v1.state, request.v1.reasons = "needs review", download.reviews


def _plan_body(plan: Plan, request: RequestChange) -> None:
    """Find the body of a call, and what becomes of it."""
    v1, call = request.v1, request.v1.call
    if v1.operation.response_kind == "bytes":
        _plan_download(plan, request)
    elif v1.operation.v1 == "POST /media/{media_id}/process":
        request.process = ProcessAgain(call, plan.analysis.program.modules[call.path])
        if request.process.reason:
            leave(v1, request.process.reason, "process")
    elif problem := _unknown_arguments(request) or _plan_fields(plan, request):
        leave(v1, *problem)
    else:
        v1.reasons = [review for payload in request.payloads for review in payload.translated.reviews]
        if v1.reasons:
            v1.state = "needs review"


def _unknown_arguments(request: RequestChange) -> Problem | None:
    call = request.v1.call
    if call.is_open:
        return "It has arguments that can't be seen here.", "unknown arguments"
    if (request.address.query or _given(call, "params")) and request.v1.operation.rules:
        return "It sends parameters in the query.", "query"
    return None


def _given(call: HttpCall, *names: str) -> list[tuple[str, Argument]]:
    """Return those of a call's arguments that are not None."""
    found = ((name, call.arguments[name]) for name in names if name in call.arguments)
    return [(name, argument) for name, argument in found if not is_nothing(argument)]


def _plan_fields(plan: Plan, request: RequestChange) -> Problem | None:
    """Find what becomes of the fields and files that a call sends. Return why that can't be told, if it can't."""
    call, operation = request.v1.call, request.v1.operation
    files: dict[str, list[Any]] = {}
    if _given(call, "files"):
        uploads = uploads_of(call)
        if uploads is None:
            return "It uploads files that are not known one by one: upload each with POST /v2/image.", "files"
        request.uploader = Uploader(call, request.address, uploads, plan.analysis.program.modules[call.path])
        if request.uploader.reason:
            return request.uploader.reason, "files"
        files = uploads.parts
    bodies = _given(call, "data", "json", "content")
    if len(bodies) > 1:
        return "It has more than one body.", "unknown body"
    if bodies:
        return _plan_given(plan, request, *bodies[0], files)
    if files:
        request.payloads.append(plan_payload(operation, None, plan.parent, "multipart", files))
        return request.payloads[0].left
    return _plan_nothing(plan, request) if operation.method in ("POST", "PUT") else None


def _plan_nothing(plan: Plan, request: RequestChange) -> Problem | None:
    """Find out if v2 takes a call without a body, as an empty object."""
    call = request.v1.call
    payload = plan_payload(request.v1.operation, None, plan.parent, "none", {})
    if payload.left or payload.translated.body or call.library == "urllib":
        return "It has no body, and v2 needs one.", "no body"
    request.needs_body = True
    for name in ("data", "json"):
        if name in call.arguments and isinstance(call.arguments[name].node, cst.Arg):
            request.empty_body = call.arguments[name].node
            request.arguments[request.empty_body] = "json"
    return None


def _plan_given(
    plan: Plan, request: RequestChange, name: str, argument: Argument, files: dict[str, list[Any]]
) -> Problem | None:
    """Find what becomes of the dicts that a call may send as its body."""
    call = request.v1.call
    positional = [each for each in call.node.args if each.keyword is None and not each.star]
    if argument.node in positional[:-1]:
        return "Its body is followed by other arguments without a name.", "unknown arguments"
    if not isinstance(argument.node, cst.Arg | cst.DictElement | cst.Assign):
        return "Its arguments are built in a way that can't be changed here.", "unknown arguments"
    for value in argument.values:
        if isinstance(value, Constant) and value.value is None:
            continue
        if problem := _plan_value(plan, request, name, value, files):
            return problem
    if files and (len(request.payloads) != 1 or request.encoded or argument.node not in call.node.args):
        return "It uploads files: upload each with POST /v2/image first, and send the URL.", "files"
    if name in ("data", "content") and not request.encoded and call.library != "urllib":
        request.arguments[argument.node] = "json"
    if call.library == "urllib" and not can_name_json(call):
        return "Its headers, which must name JSON as the type of its body, are not known here.", "headers"
    if any(_is_kept_elsewhere(plan, payload) for payload in request.payloads):
        text = "Its body is also passed on elsewhere in the program, where it has v2's names now."
        request.payloads[0].translated.reviews.append((text, "body is read"))
    return None


def _plan_value(
    plan: Plan, request: RequestChange, name: str, value: Value, files: dict[str, list[Any]]
) -> Problem | None:
    """Find what becomes of one of the dicts that a call may send."""
    found = _dict_of(plan, value)
    if found is None:
        return f"What it sends as {name} is not known here.", "unknown body"
    made, encoding, encoded = found
    kind: FieldsKind = "json" if name == "json" else encoding
    payload = plan_payload(request.v1.operation, made, plan.parent, kind, files)
    if payload.left is not None:
        return payload.left
    if _is_read(plan, payload):
        return "The program reads fields of its own body that change their names.", "body is read"
    request.payloads.append(payload)
    if encoded is not None:
        request.encoded.append(encoded)
    return None


def _dict_of(plan: Plan, value: Any) -> tuple[DictObject, FieldsKind, Encoded | None] | None:
    match value:
        case Dict(object=made):
            return made, "form", None
        case List():
            return plan.analysis.pairs_of(value), "form", None
        case Encoded(format=encoding, values=values):
            inner = [_dict_of(plan, each) for each in values]
            if len(inner) == 1 and inner[0] is not None and inner[0][2] is None:
                return inner[0][0], "json" if encoding == "json" else "form", value
    return None


def _is_kept_elsewhere(plan: Plan, payload: Payload) -> bool:
    """Return whether a body whose fields change their names is passed to another function of a library."""
    if payload.object is None or not _renames(payload):
        return False
    holders = {payload.object.node, *(group.node for group in payload.groups)}
    return not plan.escaping.isdisjoint(holders)


def _renames(payload: Payload) -> bool:
    return any(group.by_entry[entry] != [entry.key] for group in payload.groups for entry in group.entries)


def _is_read(plan: Plan, payload: Payload) -> bool:
    """Return whether the program reads a field of a body that has another name or value in v2."""
    assert payload.object is not None
    holders = {payload.object.node, *(group.node for group in payload.groups)}
    read = {key for node in holders for key in plan.keys_read.get(node, ())}
    kept = {
        entry.key
        for group in payload.groups
        for entry in group.entries
        if group.by_entry[entry] == [entry.key] and not any("." in path for path in group.by_entry[entry])
    }
    known = {entry.key for group in payload.groups for entry in group.entries}
    return any(key not in kept and (key in known or key in plan.analysis.keys_read(payload.object)) for key in read)


# The changes


def _apply(plan: Plan, request: RequestChange) -> None:
    if request.v1.state == "left":
        return
    if request.process is not None and plan.first_time(request.v1.call.node):
        request.process.change(plan.edits_of(request.v1.call.node))
    for payload in request.payloads:
        change_payload(plan, payload)
        if request.uploader is not None:
            add_uploads(plan, request.v1.call, payload, request.uploader)
    for node, keyword in request.arguments.items():
        if plan.first_time(node):
            plan.edits_of(node).change(node, partial(_renamed_argument, keyword=keyword))
    if request.empty_body is not None:
        if plan.first_time((request.empty_body, "empty")):
            plan.edits_of(request.empty_body).change(request.empty_body, _or_empty)
    elif request.needs_body and plan.first_time(request.v1.call.node):
        plan.edits_of(request.v1.call.node).change(request.v1.call.node, _with_empty_body)
    if request.encoded and request.v1.call.library == "urllib":
        add_content_type(plan, request.v1.call)
    for encoded in request.encoded:
        if encoded.format == "form" and plan.first_time(encoded.node):
            edits = plan.edits_of(encoded.node)
            edits.add_import("json")
            edits.change(encoded.node, _as_json)


def _renamed_argument(old: Any, keyword: str) -> Any:
    """Return an argument under another keyword, or an entry of a dict of arguments under another key."""
    if isinstance(old, cst.Arg):
        equal = (
            old.equal
            if old.keyword is not None
            else cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        )
        return old.with_changes(keyword=cst.Name(keyword), equal=equal)
    if isinstance(old, cst.DictElement):
        return old.with_changes(key=cst.SimpleString(f'"{keyword}"'))
    target = old.targets[0]
    index = cst.SubscriptElement(cst.Index(cst.SimpleString(f'"{keyword}"')))
    return old.with_changes(targets=[target.with_changes(target=target.target.with_changes(slice=[index]))])


def _or_empty(old: cst.Arg) -> cst.Arg:
    """Return an argument that is an empty object where it was None."""
    if isinstance(old.value, cst.Name) and old.value.value == "None":
        return old.with_changes(value=cst.Dict([]))
    return old.with_changes(value=cst.BooleanOperation(old.value, cst.Or(), cst.Dict([])))


def _with_empty_body(old: cst.Call) -> cst.Call:
    """Return a call that sends an empty JSON object."""
    new = keyword_argument("json", cst.Dict([]))
    position = next((index for index, argument in enumerate(old.args) if argument.star == "**"), len(old.args))
    arguments = [argument for argument in old.args if argument.keyword is None or argument.keyword.value != "data"]
    position = min(position, len(arguments))
    arguments.insert(position, new.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))))
    if position == len(arguments) - 1 and position:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        last = old.args[-1].comma
        arguments[position - 1] = arguments[position - 1].with_changes(comma=comma)
        arguments[position] = new.with_changes(comma=last)
    return old.with_changes(args=arguments)


def _as_json(old: cst.Call) -> cst.Call:
    """Return ``json.dumps(x)`` for ``urlencode(x)``."""
    return old.with_changes(
        func=cst.Attribute(cst.Name("json"), cst.Name("dumps")),
        args=[old.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)],
    )


def apply_literals(plan: Plan) -> None:
    """Change the literals that addresses are made of."""
    by_node: dict[cst.CSTNode, list[LiteralChange]] = {}
    for change in plan.literals:
        if change not in by_node.setdefault(change.node, []):
            by_node[change.node].append(change)
    for node, changes in by_node.items():
        new = changed_literal(node, changes)
        assert new is not None, "what can't be changed is left"
        sum_of = plan.parent(node)
        is_empty = isinstance(new, cst.SimpleString) and not new.raw_value
        if is_empty and isinstance(sum_of, cst.BinaryOperation) and sum_of.right is node:
            plan.edits_of(node).change(sum_of, _left_of)
        else:
            plan.edits_of(node).replace(node, new)


def _left_of(operation: cst.BinaryOperation) -> cst.BaseExpression:
    left = operation.left
    return left.with_changes(lpar=[*operation.lpar, *left.lpar], rpar=[*left.rpar, *operation.rpar])


# The report


def _place(plan: Plan, call: HttpCall) -> cst.Call:
    """Return the call to report: of a helper that serves several calls, the caller's line."""
    same = {other.chain for other in plan.analysis.calls if other.node is call.node}
    return call.chain[-1] if len(same) > 1 and call.chain else call.node


def _note(plan: Plan) -> None:
    for v1 in plan.calls.values():
        place = _place(plan, v1.call)
        operation = v1.operation
        reasons = v1.reasons or []
        text = " ".join(text for text, _ in reasons)
        rule = reasons[0][1] if reasons else ""
        if v1.state == "rewritten":
            text = f"{operation.v1} becomes {operation.v2}."
        plan.note(plan.path_of(place), place, "call", operation.v1, v1.state, text, rule)
