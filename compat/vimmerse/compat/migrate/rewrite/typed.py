"""Rewrite plain calls of the v2 JSON API to methods of ``vimmerse.v2.Vimmerse``.

This is a second pass, over programs that call v2 already. A call is rewritten if all that is done with its response is
to check that it succeeded and to read fields by name. Others stay as they are.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import libcst as cst
from libcst import matchers
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.rewrite.keys import module_key
from vimmerse.compat.migrate.rewrite.mocks import MOCK_LIBRARIES
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.syntax import index_of, keyword_argument, parenthesized
from vimmerse.compat.migrate.rewrite.values import Body, Dict, HttpCall, Response, Text, only
from vimmerse.compat.rules.response_fields import OBJECTS

#: The method of the client for each v2 operation; a test compares them with the specification.
METHODS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("POST", "/v2/story/idea-2-video"): ("stories", "create"),
    ("POST", "/v2/story/url-2-video"): ("stories", "create_from_url"),
    ("POST", "/v2/story/images-2-video"): ("stories", "create_from_images"),
    ("POST", "/v2/story"): ("stories", "create_storyboard"),
    ("POST", "/v2/story/{}/elements"): ("stories", "create_elements"),
    ("POST", "/v2/story/{}/scenes"): ("stories", "create_scenes"),
    ("POST", "/v2/story/{}/videos"): ("stories", "create_videos"),
    ("POST", "/v2/story/{}/concat"): ("stories", "concat"),
    ("GET", "/v2/story/{}"): ("stories", "get"),
    ("DELETE", "/v2/story/{}"): ("stories", "delete"),
    ("POST", "/v2/media"): ("media", "create"),
    ("GET", "/v2/media/{}"): ("media", "get"),
    ("PUT", "/v2/media/{}"): ("media", "update"),
}
_CLIENT = "vimmerse_client"
_ARGUMENTS = frozenset({"method", "url", "headers", "json", "timeout"})
_OBJECTS = frozenset({"storyboard", "elements", "characters", "environments", "objects", "scenes", "all_medias"})
_OBJECTS_TOO = frozenset({"pose_preset", "submit_params", "media_items", "medias"})


@dataclass(eq=False)
class _TypedCall:
    """A call that becomes a method of the client.

    Attributes:
        calls: The ways in which it is reached.
        id: The expression of the id in its address.
        jsons: The calls of ``json()``.
        passed: The calls of ``raise_for_status()`` that are followed by more.
        checks: The statements that only check the status.
        reads: The expressions that read a field.
    """

    calls: list[HttpCall]
    method: tuple[str, str]
    id: cst.BaseExpression | None
    jsons: list[cst.Call] = field(default_factory=list)
    passed: list[cst.Call] = field(default_factory=list)
    checks: list[cst.CSTNode] = field(default_factory=list)
    reads: list[cst.BaseExpression] = field(default_factory=list)

    @property
    def call(self) -> HttpCall:
        return self.calls[0]


def rewrite_typed(plan: Plan) -> None:
    """Change the v2 calls of a program that can be methods of the client, each with what reads its response."""
    mocked = _mocked(plan)
    by_node: dict[cst.Call, list[HttpCall]] = {}
    for call in plan.analysis.calls:
        by_node.setdefault(call.node, []).append(call)
    for path, module in plan.analysis.program.modules.items():
        key = module_key(module)
        if key is None:
            continue
        calls = [
            found
            for same in by_node.values()
            if same[0].path == path and (found := _find(plan, module, same)) is not None and found.method not in mocked
        ]
        calls = _whole(plan, calls)
        if calls:
            _define_client(plan, module, key, any(call.call.is_async for call in calls))
        for found in calls:
            _change(plan, found)


# What can be a method


def _mocked(plan: Plan) -> set[tuple[str, str]]:
    """Return the methods whose calls a test mocks: these stay calls of the HTTP library."""
    modules = plan.analysis.program.modules
    texts = [
        _path(value).partition("?")[0]
        for node, values in plan.analysis.texts_passed.items()
        if MOCK_LIBRARIES.search(modules[plan.path_of(node)].source)
        for value in values
    ]
    return {
        method
        for (_, path), method in METHODS.items()
        if any(re.fullmatch(path.replace("{}", "[^/]+"), text) for text in texts)
    }


def _find(plan: Plan, module: Module, calls: list[HttpCall]) -> _TypedCall | None:
    call = calls[0]
    texts = [value for each in calls for value in each.url]
    if any(not isinstance(value, Text) for value in texts) or len({_path(value) for value in texts}) != 1:
        return None
    url = texts[0]
    if not isinstance(url, Text) or call.method is None or call.is_open or not call.arguments.keys() <= _ARGUMENTS:
        return None
    path = _path(url)
    method = METHODS.get((call.method, path))
    if method is None or call.library == "urllib" or _is_caught(module, call.node):
        return None
    ids = [piece.node for piece in url.pieces if piece.text is None]
    wanted = path.count("{}")
    if (
        len(ids) < wanted
        # a part of a text, or the values of a format
        or any(not isinstance(node, cst.BaseExpression) or isinstance(node, cst.Dict | cst.Tuple) for node in ids)
        # the address is built by another function, whose names are not known here
        or any(
            module.parent(node) is None or module.function_around(node) is not module.function_around(call.node)
            for node in ids
        )
    ):
        return None
    if "json" in call.arguments and not isinstance(only(call.arguments["json"].values), Dict):
        return None
    id = ids[-1] if wanted else None
    assert id is None or isinstance(id, cst.BaseExpression)
    found = _TypedCall(calls, method, id)
    return found if _follow(plan, module, found) else None


def _is_caught(module: Module, node: cst.CSTNode) -> bool:
    """Return whether exceptions of a call are caught here: the client raises others than the HTTP library."""
    return any(isinstance(ancestor, cst.Try | cst.TryStar) and ancestor.handlers for ancestor in module.ancestors(node))


def _path(url: Any) -> str:
    """Return the path of an address, with ``{}`` for the id."""
    pattern = url.pattern if isinstance(url, Text) else ""
    return pattern.partition(V1_HOST)[2] if V1_HOST in pattern else pattern[max(pattern.find("/v2/"), 0) :]


def _follow(plan: Plan, module: Module, found: _TypedCall) -> bool:
    """Find what is done with the response. Return whether all of it can be done with a model."""
    for node, values in plan.analysis.values.items():
        if module.parent(node) is None or not isinstance(node, cst.BaseExpression):
            continue
        responses = [value for value in values if isinstance(value, Response) and value.call in found.calls]
        bodies = [value for value in values if isinstance(value, Body) and value.call in found.calls]
        if responses and not _follow_response(module, found, node):
            return False
        if bodies and not _follow_body(module, found, node, bodies):
            return False
    return bool(found.jsons)


def _follow_response(module: Module, found: _TypedCall, node: cst.BaseExpression) -> bool:
    parent = module.parent(node)
    if isinstance(parent, cst.Await | cst.AssignTarget | cst.Expr):
        return True
    if isinstance(parent, cst.Assign):
        return len(parent.targets) == 1 and isinstance(parent.targets[0].target, cst.Name)
    if not isinstance(parent, cst.Attribute) or parent.value is not node:
        return False
    call = module.parent(parent)
    if not isinstance(call, cst.Call) or call.func is not parent or call.args:
        return False
    if parent.attr.value == "json":
        found.jsons.append(call)
        return True
    if parent.attr.value != "raise_for_status":
        return False
    statement = module.parent(call)
    if isinstance(statement, cst.Attribute):
        found.passed.append(call)  # httpx returns the response
        return True
    line = module.parent(statement) if isinstance(statement, cst.Expr) else None
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
        found.checks.append(line)
        return True
    return False


def _follow_body(module: Module, found: _TypedCall, node: cst.BaseExpression, bodies: list[Body]) -> bool:
    parent = module.parent(node)
    paths = [body.path for body in bodies]
    is_object = any(not path or path[-1] in (_OBJECTS | _OBJECTS_TOO) for path in paths)
    is_object = is_object or any(path[-1] == "*" and path[-2:-1] != ("result",) for path in paths)
    if any(not _is_field(name) for path in paths for name in path if name != "*"):
        return False
    if isinstance(node, cst.Subscript) and isinstance(index_of(node), cst.SimpleString):
        found.reads.append(node)
    if isinstance(node, cst.Call) and node not in found.jsons:
        is_get = isinstance(node.func, cst.Attribute) and node.func.attr.value == "get" and node.args
        if not is_get or not isinstance(node.args[0].value, cst.SimpleString):
            return False
        found.reads.append(node)
    if not is_object:
        return not isinstance(parent, cst.AssignTarget) or not isinstance(node, cst.Subscript)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value == "get"
    return isinstance(
        parent,
        cst.Subscript
        | cst.Assign
        | cst.AssignTarget
        | cst.AnnAssign
        | cst.Return
        | cst.For
        | cst.CompFor
        | cst.While
        | cst.If
        | cst.NamedExpr
        | cst.Comparison,
    ) or (isinstance(parent, cst.Arg) and matchers.matches(module.parent(parent) or cst.Pass(), _LEN))


_LEN = matchers.Call(matchers.Name("len") | matchers.Name("bool"))


def _is_field(name: str) -> bool:
    """Return whether a name is a field of v2's objects, so that the models have it as an attribute."""
    known = {name for shape in OBJECTS.values() for name in shape.names()}
    return name in known and name.isidentifier() and not keyword.iskeyword(name)


def _whole(plan: Plan, calls: list[_TypedCall]) -> list[_TypedCall]:
    """Leave out the calls whose reads serve another call too that stays as it is."""
    while True:
        typed = {call for found in calls for call in found.calls}
        kept = [
            found
            for found in calls
            if all(
                value.call in typed
                for node in (*found.reads, *found.jsons)
                for value in plan.analysis.of(node)
                if isinstance(value, Body | Response)
            )
        ]
        if len(kept) == len(calls):
            return kept
        calls = kept


# The client


def _define_client(plan: Plan, module: Module, key: cst.BaseExpression, is_async: bool) -> None:
    """Make the client at the top level, below the imports and what its key needs."""
    edits = plan.edits[module.path]
    cls = "AsyncVimmerse" if is_async else "Vimmerse"
    edits.add_import("vimmerse.v2", cls)
    names = {node.value for node in matchers.findall(key, matchers.Name()) if isinstance(node, cst.Name)}
    after = 0
    body = module.tree.body
    for index, statement in enumerate(body):
        if isinstance(statement, cst.SimpleStatementLine):
            first = statement.body[0]
            is_import = isinstance(first, cst.Import | cst.ImportFrom)
            binds = isinstance(first, cst.Assign) and any(
                isinstance(target.target, cst.Name) and target.target.value in names for target in first.targets
            )
            after = index + 1 if is_import or binds else after
    code = f"{_CLIENT} = {cls}(api_key={module.code(key)})"
    if after < len(body):
        edits.insert_before(body[after], lambda: [cst.parse_statement(code)])
    else:
        edits.change(body[-1], lambda old: cst.FlattenSentinel([old, cst.parse_statement(code)]))


# The changes


def _change(plan: Plan, found: _TypedCall) -> None:
    edits = plan.edits[found.call.path]
    call = found.call
    edits.change(call.node, lambda old: _method_call(plan, found))
    for line in found.checks:
        if plan.first_time((line, "check")):
            edits.change(line, lambda old: cst.RemoveFromParent())
    for node in (*found.jsons, *found.passed):
        if plan.first_time((node, "json")):
            edits.change(node, lambda old: old.func.value)
    for read in found.reads:
        if plan.first_time((read, "read")):
            edits.change(read, _attribute)
    text = f"{call.method} is {_CLIENT}.{'.'.join(found.method)}."
    plan.note(call.path, call.node, "call", "", "rewritten", text, "typed")


def _attribute(old: Any) -> cst.BaseExpression:
    """Return ``story.status`` for ``story["status"]`` and ``story.get("status")``; a default after ``or``."""
    if isinstance(old, cst.Subscript):
        key = index_of(old)
        owner = old.value
    else:
        key, owner = old.args[0].value, old.func.value
    assert isinstance(key, cst.SimpleString)
    attribute = cst.Attribute(owner, cst.Name(str(key.evaluated_value)))
    if isinstance(old, cst.Subscript) or len(old.args) < 2:
        return attribute
    default = old.args[1].value
    return parenthesized(cst.BooleanOperation(attribute, cst.Or(), default))


def _method_call(plan: Plan, found: _TypedCall) -> cst.Call:
    edits = plan.edits[found.call.path]
    arguments: list[cst.Arg] = []
    if found.id is not None:
        arguments.append(cst.Arg(edits.updated(found.id)))
    body = found.call.arguments.get("json")
    if body is not None and body.value is not None:
        literal = body.value
        names = [
            element.key.evaluated_value
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString)
            else None
            for element in (literal.elements if isinstance(literal, cst.Dict) else ())
        ]
        if isinstance(literal, cst.Dict) and all(isinstance(name, str) and name.isidentifier() for name in names):
            updated = edits.updated(literal)
            arguments += [
                keyword_argument(str(name), element.value)
                for name, element in zip(names, updated.elements, strict=True)
            ]
        else:
            arguments.append(cst.Arg(edits.updated(literal), star="**"))
    if "timeout" in found.call.arguments and (timeout := found.call.arguments["timeout"].value) is not None:
        arguments.append(keyword_argument("timeout", edits.updated(timeout)))
    resource, method = found.method
    target = cst.Attribute(cst.Attribute(cst.Name(_CLIENT), cst.Name(resource)), cst.Name(method))
    return cst.Call(target, arguments)
