"""Webhook receivers that read the payload of version 1 by themselves."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from vimmerse.compat.migrate.check.findings import words

_IDS = frozenset({"batch_id", "media_id"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: Decorators that make a function a receiver: ``@app.post("/hook")``, ``@require_POST``.
_ROUTES = words("post route api_route require_POST csrf_exempt api_view")
_METHODS = words("post do_POST")  # of a class: Flask, Django, Starlette, Tornado, http.server
_REQUESTS = words("request req")
_REQUEST_TYPES = words("Request HttpRequest")
_BODIES = words("json get_json get_data body data POST form payload")
_PARSERS = words("parse_webhook v1_payload")


def receivers_of_python(tree: ast.Module) -> Iterator[_Function]:
    """The route handlers that read v1's id and status from the body of their request."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, _Function) and each.name in _METHODS)
            yield from (each for each in methods if not any(map(_is_route, each.decorator_list)) and _reads_v1(each))
        elif isinstance(node, _Function) and _is_handler(node) and _reads_v1(node):
            yield node


def _is_handler(function: _Function) -> bool:
    """Whether a function is a route, or takes a ``Request``: Starlette's and Django's are registered elsewhere."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    annotation = parameters[0].annotation if parameters else None
    is_typed = annotation is not None and _last_name(annotation) in _REQUEST_TYPES
    return is_typed or any(map(_is_route, function.decorator_list))


def _is_route(decorator: ast.expr) -> bool:
    return _last_name(decorator.func if isinstance(decorator, ast.Call) else decorator) in _ROUTES


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _reads_v1(function: ast.AST) -> bool:
    """Whether a function reads an id and ``status`` from one value that comes from the request."""
    nodes = list(ast.walk(function))
    if any(isinstance(node, ast.expr) and _last_name(node) in _PARSERS for node in nodes):
        return False
    # FastAPI: a parameter that is a dict is the body.
    bodies = {node.arg for node in nodes if isinstance(node, ast.arg) and is_dict(node.annotation)}
    for _ in range(2):  # the bytes that are read, and then what is made of them
        bodies |= {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and is_body(node.value, bodies)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
    keys = set()
    for node in nodes:
        match node:
            case ast.Subscript(owner, ast.Constant(str(key))) | ast.Call(
                ast.Attribute(owner, "get"), [ast.Constant(str(key)), *_]
            ):
                if is_body(owner) or (isinstance(owner, ast.Name) and owner.id in bodies):
                    keys.add(key)
    return "status" in keys and not _IDS.isdisjoint(keys)


def is_dict(annotation: ast.expr | None) -> bool:
    """Whether an annotation is a dict: FastAPI then passes the body."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    return annotation is not None and _last_name(annotation) in ("dict", "Dict")


def is_body(node: ast.expr, names: Collection[str] = ()) -> bool:
    """Whether an expression is the body of the request: ``request.json``, ``json.loads(request.body)``, ...

    ``names``: the variables that hold it.
    """
    while True:
        match node:
            case ast.Await(value):
                node = value
            case ast.Call(ast.Attribute(ast.Name("json"), "loads") | ast.Name("loads"), [argument, *_]):
                node = argument
            case ast.Call(function):
                node = function
            case ast.Name(name):
                return name in names
            case ast.Attribute(ast.Name(name), attribute):
                return name in _REQUESTS and attribute in _BODIES
            case ast.Attribute(ast.Attribute(ast.Name("self"), "request"), attribute):
                return attribute in _BODIES
            case ast.Attribute(ast.Attribute(ast.Name("self"), "rfile"), "read"):
                return True
            case _:
                return False


# JavaScript and TypeScript

_BODY = r"(?:await\s{1,20})?(?:\w{1,20}\.)?(?:req|request)\.(?:body|json\(\))"
_DESTRUCTURED = re.compile(rf"""\{{([\w\s,:="']{{1,300}})\}}\s{{0,20}}=\s{{0,20}}({_BODY}|\w{{1,40}}\b)""")
_ASSIGNED = re.compile(rf"(?<![\w.])(\w{{1,40}})(?::\s?\w{{1,40}})?\s{{0,20}}=\s{{0,20}}(?:{_BODY})")
_BODY_FIELD = re.compile(r"(?<![\w.])(?:\w{1,20}\.)?(?:req|request)\.body\??\.(status|batch_id|media_id)\b")
_PARSER = re.compile(r"parse_?webhook", re.IGNORECASE)
_MAX_RECEIVER = 2000  # characters
_MAX_FIELDS = 20  # uses of a body


def receivers_of_text(text: str) -> Iterator[int]:
    """The offsets where v1's id and status are taken out of the body of a request."""
    if _PARSER.search(text) is not None:
        return
    bodies: dict[str, list[int]] = {}
    for match in _ASSIGNED.finditer(text):
        bodies.setdefault(match[1], []).append(match.start())
    for match in _DESTRUCTURED.finditer(text):
        before = bisect_left(starts, match.start()) if (starts := bodies.get(match[2], [])) else 0
        is_body = not match[2].isidentifier() or (before and match.start() - starts[before - 1] < _MAX_RECEIVER)
        if is_body and _is_v1(re.findall(r"\w+", match[1])):
            yield match.start()
    for name, starts in bodies.items():
        field = re.compile(rf"(?<![\w.]){name}\??\.(\w+)")
        for start in starts:
            if _is_v1(field.findall(text, start, start + _MAX_RECEIVER)):
                yield start
    places = list(_BODY_FIELD.finditer(text))
    end = -1
    for index, place in enumerate(places):
        near = {each[1] for each in places[index : index + _MAX_FIELDS] if each.start() < place.start() + _MAX_RECEIVER}
        if place.start() > end and _is_v1(near):
            yield place.start()
            end = place.start() + _MAX_RECEIVER


def _is_v1(names: Collection[str]) -> bool:
    return "status" in names and not _IDS.isdisjoint(names)
