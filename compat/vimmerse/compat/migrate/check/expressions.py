"""The possible values of a Python expression, found without running it.

An expression has one or more possible values: after an ``if``, say, a name may have several.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter
from urllib.parse import urljoin

from vimmerse.compat.migrate.check.recognition import UNKNOWN, WILDCARD
from vimmerse.compat.migrate.check.values import (
    MAX_ALTERNATIVES,
    MAX_ITEMS,
    MAX_LENGTH,
    NOT_KNOWN,
    Array,
    Dict,
    JsonText,
    Namespace,
    Scope,
    Text,
    Value,
    Values,
    as_text,
    combinations,
    concatenated,
    distinct,
    single,
)

_PERCENT = re.compile(r"%\((\w+)\)s|%[sdi]")


def evaluate(node: ast.expr | None, scope: Scope) -> Values:
    """The possible values of an expression."""
    if node is None:
        return NOT_KNOWN
    if node not in scope.evaluated:
        scope.evaluated[node] = _evaluate(node, scope)
    return scope.evaluated[node]


def _evaluate(node: ast.expr, scope: Scope) -> Values:
    match node:
        case ast.Constant(str(text)) if len(text) <= MAX_LENGTH:
            return (Text(text.replace(WILDCARD, ""), frozenset({node})),)
        case ast.Constant(None | bool() | int() | float() as value):
            return (value,)
        case ast.Name(name):
            return scope.get(name, NOT_KNOWN)
        case ast.NamedExpr(ast.Name(name), value):
            scope[name] = evaluate(value, scope)
            return scope[name]
        case ast.Await(value) | ast.FormattedValue(value, _, None):
            return evaluate(value, scope)
        case ast.IfExp(_, body, orelse):
            return distinct((*evaluate(body, scope), *evaluate(orelse, scope)))
        case ast.BoolOp(_, operands):
            return distinct(value for operand in operands for value in evaluate(operand, scope))
        case ast.BinOp():
            return _operation(node, scope)
        case ast.JoinedStr(parts):
            choices = combinations(evaluate(part, scope) for part in parts)
            return distinct(concatenated(choice, node) for choice in choices)
        case ast.Attribute(owner, name):
            return distinct(value for each in evaluate(owner, scope) for value in _attribute(each, name))
        case ast.Subscript(owner, index):
            key = single(evaluate(index, scope))
            return distinct(_item(each, key) for each in evaluate(owner, scope))
        case ast.Dict():
            return (_dict(node, scope),)
        case ast.List(elements) | ast.Tuple(elements) | ast.Set(elements):
            return _array(elements, scope)
        case ast.ListComp(element, [loop]) | ast.GeneratorExp(element, [loop]) if not scope.in_loop:
            return _comprehension(element, loop, scope)
        case ast.Call():
            return _call(node, scope)
    return NOT_KNOWN


def texts(node: ast.expr | None, scope: Scope) -> list[Text]:
    """The texts among the possible values of an expression."""
    return [value for value in evaluate(node, scope) if isinstance(value, Text)]


def called_name(node: ast.Call) -> str:
    """The last name of what is called: ``post`` for ``requests.post(...)``."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def receiver(node: ast.Call) -> ast.expr | None:
    """What a method is called on."""
    return node.func.value if isinstance(node.func, ast.Attribute) else None


def keyword(node: ast.Call, *names: str) -> ast.expr | None:
    """An argument by one of its names."""
    return next((each.value for each in node.keywords if each.arg in names), None)


def dict_of_arguments(node: ast.Call, scope: Scope) -> Dict:
    """The dict that ``dict`` makes of these arguments, or that ``update`` adds to another."""
    parts = [single(evaluate(argument, scope)) for argument in node.args[:1]]
    for each in node.keywords:
        value = single(evaluate(each.value, scope))
        parts.append(value if each.arg is None else Dict({each.arg: value}))
    return Dict.merged(parts)


def _attribute(owner: Value, name: str) -> Values:
    if isinstance(owner, Namespace):
        return owner.names.get(name, NOT_KNOWN)
    return (owner,) if name == "value" else NOT_KNOWN  # of a member of an enum


def _item(owner: Value, key: Value) -> Value:
    if isinstance(owner, Dict) and isinstance(key, Text):
        return owner.items.get(key.text, UNKNOWN)
    if isinstance(owner, Array) and isinstance(key, int) and -len(owner.items) <= key < len(owner.items):
        return owner.items[key]
    return UNKNOWN


def _dict(node: ast.Dict, scope: Scope) -> Dict:
    items = [single(evaluate(value, scope)) for value in node.values]
    pairs = zip(node.keys, items, strict=True)
    return Dict.merged(item if key is None else Dict.of(single(evaluate(key, scope)), item) for key, item in pairs)


def _array(elements: list[ast.expr], scope: Scope) -> Values:
    items: list[Value] = []
    for element in elements[:MAX_ITEMS]:
        if not isinstance(element, ast.Starred):
            items.append(single(evaluate(element, scope)))
            continue
        unpacked = single(evaluate(element.value, scope))
        if not isinstance(unpacked, Array):
            return NOT_KNOWN
        items += unpacked.items
    return (Array(tuple(items[:MAX_ITEMS])),)


def _comprehension(element: ast.expr, loop: ast.comprehension, scope: Scope) -> Values:
    values = single(evaluate(loop.iter, scope))
    if loop.ifs or not isinstance(values, Array) or not isinstance(loop.target, ast.Name):
        return NOT_KNOWN
    items: list[Value] = []
    for item in values.items:
        inner = scope.new_child({loop.target.id: (item,)})
        inner.in_loop = True
        items.append(single(evaluate(element, inner)))
    return (Array(tuple(items)),)


def _operation(node: ast.BinOp, scope: Scope) -> Values:
    chain = [node]  # a + b + c + ... is nested at its left, perhaps deeper than Python's stack
    while isinstance(left := chain[-1].left, ast.BinOp):
        chain.append(left)
    values = evaluate(left, scope)
    for each in reversed(chain):
        pairs = combinations([values, evaluate(each.right, scope)])
        whole = [each] if each is node else []  # the others are not URLs of their own
        values = scope.evaluated[each] = distinct(_combined(each.op, pair, whole) for pair in pairs)
    return values


def _combined(operator: ast.operator, operands: Values, whole: list[ast.BinOp]) -> Value:
    left, right = operands
    match operator, left, right:
        case (ast.Add(), Text(), _) | (ast.Add(), _, Text()):
            return concatenated(operands, *whole)
        case ast.Add(), Array(first), Array(second):
            return Array((first + second)[:MAX_ITEMS])
        case ast.BitOr(), Dict(), Dict():
            return Dict.merged(operands)
        case ast.Div(), Text(text, sources), _ if "://" in text:  # URL(base) / "story"
            return concatenated([Text(text.rstrip("/") + "/"), right], *whole, *sources)
        case ast.Mod(), Text(text, sources), _:
            return concatenated(_percent_parts(text, right), *whole, *sources)
    return UNKNOWN


def _percent_parts(template: str, argument: Value) -> Iterator[Value]:
    """The parts of ``template % argument``. Nothing is really formatted: a width could be enormous."""
    named = argument.items if isinstance(argument, Dict) else {}
    positional = iter(argument.items if isinstance(argument, Array) else (argument,))
    end = 0
    for place in _PERCENT.finditer(template):
        yield Text(template[end : place.start()])
        yield named.get(place[1], UNKNOWN) if place[1] else next(positional, UNKNOWN)
        end = place.end()
    yield Text(template[end:])


def _format_parts(template: str, values: dict[str, Value]) -> Iterator[Value]:
    """The parts of ``template.format(...)``; widths and the like are ignored, for the same reason."""
    position = 0
    try:
        for literal, name, _, _ in Formatter().parse(template):
            yield Text(literal)
            if name is not None:
                yield values.get(name or str(position), UNKNOWN)
                position += not name
    except ValueError:  # not a template
        yield UNKNOWN


# Calls whose results are known


def _call(node: ast.Call, scope: Scope) -> Values:
    base_urls = texts(keyword(node, "base_url", "baseurl"), scope)
    if base_urls:
        return (Namespace({"base_url": tuple(base_urls)}),)
    owner = receiver(node)
    first = evaluate(node.args[0], scope) if node.args else NOT_KNOWN
    match called_name(node):
        case "HTTPSConnection" | "HTTPConnection" as kind:  # of http.client
            scheme = "https" if kind == "HTTPSConnection" else "http"
            hosts = tuple(Text(f"{scheme}://{text.text}", text.sources) for text in first if isinstance(text, Text))
            return (Namespace({"base_url": hosts}),)
        case "ClientSession":  # of aiohttp
            return (Namespace({"base_url": tuple(text for text in first if isinstance(text, Text))}),)
        case "FormData":  # of aiohttp
            return first if node.args else (Dict({}),)
        case "MultipartEncoder":  # of requests-toolbelt
            fields = single(evaluate(keyword(node, "fields"), scope) if not node.args else first)
            return (_without_files(fields) if isinstance(fields, Dict) else UNKNOWN,)
        case "str" | "urlencode" | "URL" | "HttpUrl" | "Final" | "list" | "tuple":
            return first
        case "copy" | "encode":
            return evaluate(owner, scope)
        case "dict" | "OrderedDict":
            return (dict_of_arguments(node, scope),)
        case "dumps":
            return distinct(JsonText(value) for value in first if value is not UNKNOWN)
        case "format":
            return distinct(_format(node, texts(owner, scope), scope))
        case "get" | "getenv" | "pop":
            return distinct(_get(node, evaluate(owner, scope), single(first), scope))
        case "strip" | "lstrip" | "rstrip" | "removeprefix" | "removesuffix" as method:
            return distinct(_stripped(text, method, single(first)) for text in texts(owner, scope))
        case "join":
            return _join(node, texts(owner, scope), single(first), scope)
        case "urljoin" if len(node.args) > 1:
            path = as_text(single(evaluate(node.args[1], scope)))
            return distinct(_urljoin(base, path) for base in first if isinstance(base, Text))
    return NOT_KNOWN


def _without_files(fields: Dict) -> Dict:
    """Fields of which those with a name and a type are files, whose values are not known."""
    return Dict({name: UNKNOWN if isinstance(value, Array) else value for name, value in fields.items.items()})


def _format(node: ast.Call, templates: list[Text], scope: Scope) -> Iterator[Value]:
    arguments = {str(index): argument for index, argument in enumerate(node.args)}
    arguments |= {each.arg: each.value for each in node.keywords if each.arg}
    for choice in combinations(evaluate(argument, scope) for argument in arguments.values()):
        values = dict(zip(arguments, choice, strict=True))
        for template in templates:
            yield concatenated(_format_parts(template.text, values), *template.sources)


def _get(node: ast.Call, owners: Values, key: Value, scope: Scope) -> Iterator[Value]:
    """``{...}.get(key, default)``; ``os.environ.get(name, default)``, of which only the default is known."""
    for owner in owners:
        if isinstance(owner, Dict) and isinstance(key, Text) and key.text in owner.items:
            yield owner.items[key.text]
    for default in (*node.args[1:2], keyword(node, "default")):
        yield from evaluate(default, scope)


def _stripped(text: Text, method: str, argument: Value) -> Value:
    if isinstance(argument, Text):
        return Text(getattr(text.text, method)(argument.text), text.sources)
    return Text(getattr(text.text, method)(), text.sources) if method.endswith("strip") else UNKNOWN


def _join(node: ast.Call, separators: list[Text], argument: Value, scope: Scope) -> Values:
    """``"/".join([base, "story"])``, and ``os.path.join``, which some programs use for addresses."""
    if separators and isinstance(argument, Array):
        separator = separators[0].text
        pieces = [as_text(item) for item in argument.items[:MAX_ALTERNATIVES]]
    elif len(node.args) > 1:
        separator = "/"
        first, *rest = (as_text(single(evaluate(each, scope))) for each in node.args)
        pieces = [Text(first.text.rstrip("/"), first.sources), *rest]
    else:
        return NOT_KNOWN
    text = separator.join(piece.text for piece in pieces)[:MAX_LENGTH]
    return (Text(text, frozenset(source for piece in pieces for source in piece.sources)),)


def _urljoin(base: Text, path: Text) -> Text:
    # urljoin drops control characters, such as the wildcard.
    first, second = (part.text.replace(WILDCARD, "WILDCARD") for part in (base, path))
    try:
        url = urljoin(first, second).replace("WILDCARD", WILDCARD)
    except ValueError:  # not a URL
        url = WILDCARD
    return Text(url, base.sources | path.sources)
