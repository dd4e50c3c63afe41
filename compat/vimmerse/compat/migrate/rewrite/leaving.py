"""Responses that leave the program: who reads them is not seen here, and v2 has other names."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst import matchers
from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.rewrite.parts import (
    Parts,
    is_raw,
    nodes_of_responses,
    parts_of,
)
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.program import children
from vimmerse.compat.migrate.rewrite.shapes import Shape, different_names
from vimmerse.compat.migrate.rewrite.values import (
    ANYTHING,
    Body,
    Class,
    Dict,
    Encoded,
    External,
    Function,
    FunctionObject,
    List,
    Response,
    ResponseText,
    Value,
    Values,
)

_RULE = "leaves the program"
_SHOWN = 5  # names in a sentence
#: Functions that pass on, count or show what they get.
_PASSING = words(
    "load loads closing enter_context enter_async_context list tuple set enumerate zip next iter reversed any all "
    "hasattr min max sum filter map sorted run gather wait_for create_task shield sleep exit len isinstance append "
    "as_completed raise_for_status print debug info warning warn error exception critical log pprint pp str repr "
    "format partial cast get"
)
_READ = matchers.Subscript(
    value=matchers.Call(func=matchers.Attribute(attr=matchers.Name("json"))),
    slice=[matchers.SubscriptElement(matchers.Index(matchers.MatchIfTrue(lambda key: _text(key) == "data")))],
)
_WHOLE = words("items keys values")


def _text(node: cst.CSTNode) -> object:
    return node.evaluated_value if isinstance(node, cst.SimpleString) else None


def note_leaving(plan: Plan) -> None:
    """Note what leaves the program with a shape that differs in v2."""
    for node, values in plan.analysis.escapes.items():
        if isinstance(node, cst.Call) and not _is_harmless(plan, node):
            _note(plan, node, values)
    for node, values in list(plan.analysis.values.items()):
        if any(isinstance(value, Encoded | ResponseText) for value in values):
            _note_text(plan, node, values)
    for node, parts in list(nodes_of_responses(plan)):
        _note_whole(plan, node, parts)
    called = _called(plan)
    _note_returned(plan, called)
    _note_callbacks(plan, called)


def _bodies(values: Values, depth: int = 0) -> Iterator[Value]:
    """Yield the responses in values, dicts, lists and encoded texts."""
    for value in values:
        match value:
            case Dict(object=dict_object) if depth < 4:
                for entry in dict_object.entries:
                    yield from _bodies(entry.values, depth + 1)
            case List(object=list_object) if depth < 4:
                for _, item in list_object.items:
                    yield from _bodies(item, depth + 1)
            case Encoded(values=inner) if depth < 4:
                yield from _bodies(inner, depth + 1)
            case _:
                yield value


def _note(plan: Plan, node: cst.CSTNode, values: Values) -> None:
    found: Values = frozenset(_bodies(values))
    parts = parts_of(plan, found)
    differing = [(v1, shape) for v1, shape in parts.shapes if shape.differs]
    if differing:
        text = _sentence([shape for _, shape in differing])
        operation = min(v1.operation.v1 for v1, _ in differing)
    elif is_raw(plan, found):
        calls = [value.call for value in found if isinstance(value, Response | ResponseText)]
        operation = min(plan.calls[call].operation.v1 for call in calls if plan.is_migrated(call))
        text = "v2's response leaves the program here: it has no `data` around the object, and other names in it."
    else:
        return
    plan.note(plan.path_of(node), node, "response", operation, "needs review", text, _RULE)


def _sentence(shapes: list[Shape]) -> str:
    shape = max(shapes, key=lambda shape: (len(different_names(shape)), shape.table))
    if shape.row is not None and shape.row.words:
        return "A status leaves the program here: v2 has other words."
    if shape.is_response:
        return "v2's response leaves the program here: it has no `data` around the object, and other names in it."
    names = different_names(shape)
    if not names:
        return "v2's response leaves the program here, with other values in it."
    more = ", …" if len(names) > _SHOWN else ""
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return f"v2's response leaves the program here: it has other names, or nothing, for {shown}{more}."


def _is_harmless(plan: Plan, node: cst.Call) -> bool:
    if isinstance(plan.parent(node), cst.Raise):
        return True
    match node.func:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name in _PASSING
    return False


def _note_text(plan: Plan, node: cst.CSTNode, values: Values) -> None:
    """Note a response as text that is an argument of a function of another library: of ``write``, mostly."""
    parent = plan.parent(node)
    call = plan.parent(parent) if parent is not None else None
    if not isinstance(parent, cst.Arg) or not isinstance(call, cst.Call) or _is_harmless(plan, call):
        return
    functions = plan.analysis.of(call.func)
    if any(isinstance(value, Function | Class) for value in functions):
        return
    if any(http.node is call for http in plan.analysis.calls):
        return
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in ("dumps", "loads", "decode", "encode"):
        return
    _note(plan, call, values)


def _note_whole(plan: Plan, node: cst.CSTNode, parts: Parts) -> None:
    """Note what reads all keys of an object."""
    if not any(shape.differs and (shape.table or shape.is_response) and not shape.is_list for _, shape in parts.shapes):
        _note_enumeration(plan, node, parts)
        return
    parent = plan.parent(node)
    place: cst.CSTNode | None = None
    match parent:
        case cst.StarredDictElement():
            place = parent
        case cst.Arg(star="**"):
            place = plan.parent(parent)
        case cst.Arg():
            call = plan.parent(parent)
            if isinstance(call, cst.Call) and External("dict") in plan.analysis.of(call.func):
                place = call
        case cst.Attribute(attr=cst.Name(value=name)) if name in _WHOLE:
            place = plan.parent(parent)
        case cst.For(iter=iterated) | cst.CompFor(iter=iterated) if iterated is node:
            place = node
        case cst.Match(subject=subject) if subject is node:
            place = node
    if place is not None:
        _note(plan, place, frozenset(plan.analysis.of(node)))


def _note_enumeration(plan: Plan, node: cst.CSTNode, parts: Parts) -> None:
    """Note ``Status(media["processing_status"])``, where the members have v1's words."""
    parent = plan.parent(node)
    call = plan.parent(parent) if parent is not None else None
    if not isinstance(parent, cst.Arg) or not isinstance(call, cst.Call):
        return
    for value in plan.analysis.of(call.func):
        bases = plan.analysis.external_bases(value.object) if isinstance(value, Class) else ()
        if any(name.endswith("Enum") for name in bases):
            for v1, shape in parts.shapes:
                if shape.row is not None and shape.row.words:
                    text = "v2 has other words for this status than the members of the enumeration."
                    path = plan.path_of(call)
                    plan.note(path, call, "response", v1.operation.v1, "needs review", text, "status")


def _note_returned(plan: Plan, called: set[FunctionObject]) -> None:
    """Note functions that the program doesn't call, and that return a response: views, and functions for others."""
    for node, function in plan.analysis.functions.items():
        if function in called or not isinstance(node, cst.FunctionDef):
            continue
        for statement in _returns(node):
            value = statement.value
            if isinstance(value, cst.BaseExpression):
                _note(plan, statement, plan.analysis.of(value))


def _note_callbacks(plan: Plan, called: set[FunctionObject]) -> None:
    """Note ``response.json()["data"]`` in functions that a library calls, with a response that may be one of v2."""
    paths = {call.path for call in plan.calls if plan.is_migrated(call)}
    passed = {
        value.object
        for node in plan.analysis.values
        if isinstance(node, cst.Name | cst.Attribute)
        for value in plan.analysis.of(node)
        if isinstance(value, Function) and value.object not in called and value.object.path in paths
    }
    for function in passed:
        for read in matchers.findall(function.node, _READ):
            body = plan.analysis.of(read.value) if isinstance(read, cst.Subscript) else ANYTHING
            if not all(isinstance(value, Body) for value in body):
                text = "It may read a response of v2, which has no `data` around the object."
                plan.note(plan.path_of(read), read, "response", "", "needs review", text, _RULE)


def _called(plan: Plan) -> set[FunctionObject]:
    found: set[FunctionObject] = set()
    attributes: set[str] = set()
    for node in plan.analysis.values:
        if isinstance(node, cst.Call):
            found |= {value.object for value in plan.analysis.of(node.func) if isinstance(value, Function)}
        elif isinstance(node, cst.Attribute):
            attributes.add(node.attr.value)
    for node, function in plan.analysis.functions.items():
        if isinstance(node, cst.FunctionDef) and function.name in attributes:
            decorators = [decorator.decorator for decorator in node.decorators]
            names = {each.value if isinstance(each, cst.Name) else getattr(each, "attr", each) for each in decorators}
            if {name.value if isinstance(name, cst.Name) else name for name in names} & {"property", "cached_property"}:
                found.add(function)
    return found


def _returns(function: cst.FunctionDef) -> list[cst.Return | cst.Yield]:
    """Return what a function returns or yields, without the functions in it."""
    found: list[cst.Return | cst.Yield] = []
    pending: list[cst.CSTNode] = [function.body]
    while pending:
        for node in children(pending.pop()):
            if isinstance(node, cst.Return | cst.Yield):
                found.append(node)
            if not isinstance(node, cst.FunctionDef | cst.Lambda | cst.BaseParenthesizableWhitespace):
                pending.append(node)
    return found
