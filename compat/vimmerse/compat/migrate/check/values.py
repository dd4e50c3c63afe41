"""What is known of a Python expression without running it.

An expression has one or more possible values (after an ``if``, say), each one of the kinds below. A text keeps the
string literals that it was made of, so that an address counts once: where it is used, not where it is written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from string import Formatter
from typing import Any

from vimmerse.compat.migrate.check.become import HOLE

MOST = 64  # possible values of one expression
LONGEST = 10_000  # characters of a text, items of a list: a program may double one forty times


@dataclass(frozen=True)
class Text:
    """A text, ``HOLE`` in it for what only the run knows. ``sources``: the literals that it was made of."""

    text: str
    sources: frozenset[ast.AST] = field(default=frozenset(), compare=False)

    def __add__(self, other: Text) -> Text:
        return Text((self.text + other.text)[:LONGEST], self.sources | other.sources)


@dataclass(frozen=True)
class Plain:
    """A number, a truth value or None."""

    value: Any


# What holds others is equal to itself alone: values may hold each other many times over.


@dataclass(frozen=True, eq=False)
class Table:
    """A dict. ``complete``: whether it has no other keys."""

    items: Mapping[str, Value]
    complete: bool = True


@dataclass(frozen=True, eq=False)
class Items:
    """A list, tuple or set."""

    items: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Encoded:
    """A value as JSON text."""

    value: Value


@dataclass(frozen=True)
class Client:
    """An HTTP client with a base address."""

    base: Text


@dataclass(frozen=True, eq=False)
class Known:
    """A class, or a module of this scan: names and their values, to which methods may add."""

    names: dict[str, tuple[Value, ...]]


@dataclass(frozen=True)
class Opaque:
    """Anything else."""


Value = Text | Plain | Table | Items | Encoded | Client | Known | Opaque
Values = tuple[Value, ...]
OPAQUE = Opaque()
NOTHING: Values = (OPAQUE,)
HIDDEN = Text(HOLE)


def several(values: Iterable[Value]) -> Values:
    """Possible values, each once. What is not known is left out where something is."""
    found: dict[Value, Value] = {}
    listed = list(values)
    for value in listed:
        before = found.get(value)
        if isinstance(value, Text) and isinstance(before, Text):
            found[value] = Text(value.text, value.sources | before.sources)
        elif value != OPAQUE:
            found[value] = value
    known = tuple(found.values())[:MOST] or NOTHING
    if OPAQUE not in listed:
        return known
    return tuple(Table(value.items, False) if isinstance(value, Table) else value for value in known)


def as_text(value: Value) -> Text:
    """A value inside a text."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Plain) and value.value is not None:
        return Text(str(value.value))
    return HIDDEN


class Scope:
    """Names and their possible values, with the scope around it."""

    def __init__(self, outer: Scope | None = None, own: Mapping[str, Values] | None = None) -> None:
        self.outer = outer
        self.names: dict[str, Values] = dict(own or {})

    def get(self, name: str) -> Values:
        """The possible values of a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return NOTHING


def evaluate(node: ast.expr | None, scope: Scope) -> Values:
    """The possible values of an expression."""
    method = _EVALUATORS.get(type(node))
    return NOTHING if method is None else method(node, scope)


def texts(node: ast.expr | None, scope: Scope) -> list[Text]:
    """The texts that an expression may be; those alone."""
    return [value for value in evaluate(node, scope) if isinstance(value, Text)]


def _constant(node: ast.Constant, scope: Scope) -> Values:
    if isinstance(node.value, str):
        return (Text(node.value.replace(HOLE, ""), frozenset({node})),)
    if node.value is None or isinstance(node.value, bool | int | float):
        return (Plain(node.value),)
    return NOTHING


def _name(node: ast.Name, scope: Scope) -> Values:
    return scope.get(node.id)


def _attribute(node: ast.Attribute, scope: Scope) -> Values:
    found: list[Value] = []
    for value in evaluate(node.value, scope):
        if isinstance(value, Known):
            found += value.names.get(node.attr, NOTHING)
        elif isinstance(value, Client) and node.attr == "base_url":
            found.append(value.base)
        elif node.attr == "value":  # a member of an enum
            found.append(value)
    return several(found)


def _joined(node: ast.JoinedStr, scope: Scope) -> Values:
    made = [Text("", frozenset({node}))]
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            made = _each(made, evaluate(part.value, scope) if part.format_spec is None else NOTHING)
        else:
            made = _each(made, evaluate(part, scope))
    return tuple(made)


def _each(left: Sequence[Text], right: Values) -> list[Text]:
    return [one + as_text(other) for one in left for other in right][:MOST]


def _operation(node: ast.BinOp, scope: Scope) -> Values:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    found: list[Value] = []
    for one in left:
        for other in right:
            found.append(_combined(node, one, other))
    return several(found)


def _combined(node: ast.BinOp, one: Value, other: Value) -> Value:
    own = frozenset({node})
    if isinstance(node.op, ast.Add):
        if isinstance(one, Text) or isinstance(other, Text):
            return Text("", own) + as_text(one) + as_text(other)
        if isinstance(one, Items) and isinstance(other, Items):
            return Items((one.items + other.items)[:LONGEST])
    if isinstance(node.op, ast.BitOr) and isinstance(one, Table) and isinstance(other, Table):
        return merged(one, other)
    if isinstance(node.op, ast.Div) and isinstance(one, Text) and "://" in one.text:  # URL(base) / "story"
        last = as_text(other)
        return Text(f"{one.text.rstrip('/')}/{last.text}", own | one.sources | last.sources)
    if isinstance(node.op, ast.Mod) and isinstance(one, Text):
        return Text("", own) + _percent(one, other)
    return OPAQUE


def _percent(template: Text, given: Value) -> Text:
    """``template % given``."""
    if isinstance(given, Table):
        named = Text(template.text, template.sources)
        for name, value in given.items.items():
            piece = as_text(value)
            named = Text(named.text.replace(f"%({name})s", piece.text), named.sources | piece.sources)
        return named
    pieces = [as_text(value) for value in (given.items if isinstance(given, Items) else (given,))]
    made = Text("", template.sources)
    rest = template.text
    for piece in pieces:
        before, mark, rest = _split_at_mark(rest)
        made = made + Text(before) + (piece if mark else Text(""))
    return made + Text(rest)


def _split_at_mark(text: str) -> tuple[str, str, str]:
    place = min((at for mark in ("%s", "%d", "%i") if (at := text.find(mark)) >= 0), default=-1)
    return (text, "", "") if place < 0 else (text[:place], text[place : place + 2], text[place + 2 :])


def merged(one: Table, other: Table) -> Table:
    """A dict updated by another."""
    return Table({**one.items, **other.items}, one.complete and other.complete)


def _dict(node: ast.Dict, scope: Scope) -> Values:
    made = Table({})
    for key, value in zip(node.keys, node.values, strict=True):
        found = only(evaluate(value, scope))
        if key is None:
            made = merged(made, found if isinstance(found, Table) else Table({}, False))
            continue
        name = only(evaluate(key, scope))
        if isinstance(name, Text) and HOLE not in name.text:
            made = merged(made, Table({name.text: found}))
        else:
            made = merged(made, Table({}, False))
    return (made,)


def only(values: Values) -> Value:
    """The one possible value; dicts that differ are put together."""
    if len(values) == 1:
        return values[0]
    tables = [value for value in values if isinstance(value, Table)]
    if len(tables) < len(values):
        return OPAQUE
    names = dict.fromkeys(name for table in tables for name in table.items)
    return Table(
        {name: only(several(table.items[name] for table in tables if name in table.items)) for name in names},
        all(table.complete for table in tables),
    )


def _sequence(node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Values:
    made: list[Value] = []
    for element in node.elts:
        if not isinstance(element, ast.Starred):
            made.append(only(evaluate(element, scope)))
            continue
        inner = only(evaluate(element.value, scope))
        if not isinstance(inner, Items):
            return NOTHING
        made += inner.items
    return (Items(tuple(made[:LONGEST])),)


def _comprehension(node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Values:
    """One loop over a known sequence, nothing left out."""
    loop = node.generators[0]
    given = only(evaluate(loop.iter, scope))
    if len(node.generators) > 1 or loop.ifs or not isinstance(given, Items) or not isinstance(loop.target, ast.Name):
        return NOTHING
    name = loop.target.id
    return (Items(tuple(only(evaluate(node.elt, Scope(scope, {name: (item,)}))) for item in given.items)),)


def _choice(node: ast.IfExp, scope: Scope) -> Values:
    return several((*evaluate(node.body, scope), *evaluate(node.orelse, scope)))


def _either(node: ast.BoolOp, scope: Scope) -> Values:
    return several(value for each in node.values for value in evaluate(each, scope))


def _walrus(node: ast.NamedExpr, scope: Scope) -> Values:
    found = scope.names[node.target.id] = evaluate(node.value, scope)
    return found


def _item(node: ast.Subscript, scope: Scope) -> Values:
    key = only(evaluate(node.slice, scope))
    found: list[Value] = []
    for value in evaluate(node.value, scope):
        if isinstance(value, Table) and isinstance(key, Text):
            found.append(value.items.get(key.text, OPAQUE))
        elif isinstance(value, Items) and isinstance(key, Plain) and isinstance(key.value, int):
            in_range = -len(value.items) <= key.value < len(value.items)
            found.append(value.items[key.value] if in_range else OPAQUE)
    return several(found)


def _awaited(node: ast.Await, scope: Scope) -> Values:
    return evaluate(node.value, scope)


# Calls whose results are known


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def keyword(node: ast.Call, *names: str) -> ast.expr | None:
    """An argument by one of its names."""
    return next((each.value for each in node.keywords if each.arg in names), None)


def _call(node: ast.Call, scope: Scope) -> Values:
    name = called(node)
    base = keyword(node, "base_url", "baseurl")
    if base is not None and (found := texts(base, scope)):
        return tuple(Client(text) for text in found)
    known = _CALLS.get(name)
    return NOTHING if known is None else several(known(node, scope))


def _receiver(node: ast.Call, scope: Scope) -> list[Text]:
    return texts(node.func.value, scope) if isinstance(node.func, ast.Attribute) else []


def _first(node: ast.Call, scope: Scope) -> Values:
    return evaluate(node.args[0], scope) if node.args else NOTHING


def _format(node: ast.Call, scope: Scope) -> Iterable[Value]:
    names = [each.arg for each in node.keywords if each.arg]
    given = [*node.args, *(each.value for each in node.keywords if each.arg)]
    choices = product(*(evaluate(each, scope) for each in given))
    for chosen in islice(choices, MOST):
        pieces = [as_text(value) for value in chosen]
        # By their places, as text, and by their names.
        named = {str(place): piece for place, piece in enumerate(pieces[: len(node.args)])}
        named.update(zip(names, pieces[len(node.args) :], strict=True))
        for template in _receiver(node, scope):
            yield _filled(template, named, node)


def _filled(template: Text, pieces: Mapping[str, Text], node: ast.Call) -> Text:
    """A template with its places filled. Widths and the like are left out: nothing is formatted for real."""
    made = Text("", template.sources | {node})
    place = 0
    try:
        for literal, name, _, _ in Formatter().parse(template.text):
            made = made + Text(literal)
            if name is not None:
                made = made + pieces.get(name or str(place), HIDDEN)
                place += not name
    except ValueError:  # it is no template
        return made + HIDDEN
    return made


def _getenv(node: ast.Call, scope: Scope) -> Iterable[Value]:
    """``os.environ.get(name, default)`` is its default here; ``{...}.get(key, default)`` what the dict has."""
    if isinstance(node.func, ast.Attribute):
        key = only(_first(node, scope))
        for value in evaluate(node.func.value, scope):
            if isinstance(value, Table) and isinstance(key, Text) and key.text in value.items:
                yield value.items[key.text]
    if len(node.args) > 1:
        yield from evaluate(node.args[1], scope)
    yield from evaluate(keyword(node, "default"), scope)


def _strip(node: ast.Call, scope: Scope) -> Iterable[Value]:
    chars = only(_first(node, scope))
    given = chars.text if isinstance(chars, Text) else None
    for text in _receiver(node, scope):
        cut: Callable[[str | None], str] = getattr(text.text, called(node))
        yield Text(cut(given), text.sources)


def _join(node: ast.Call, scope: Scope) -> Iterable[Value]:
    """``"/".join([base, "story"])``, and ``os.path.join``, which some use for addresses."""
    between = _receiver(node, scope)
    first = only(_first(node, scope))
    if between and isinstance(first, Items):
        pieces = [as_text(item) for item in first.items]
        text = between[0].text.join(piece.text for piece in pieces[:MOST])
        yield Text(text[:LONGEST], frozenset({node}).union(*(piece.sources for piece in pieces)))
    elif len(node.args) > 1:
        pieces = [as_text(only(evaluate(each, scope))) for each in node.args]
        joined = "/".join([pieces[0].text.rstrip("/"), *(piece.text for piece in pieces[1:])])
        yield Text(joined, frozenset({node}).union(*(piece.sources for piece in pieces)))


def _urljoin(node: ast.Call, scope: Scope) -> Iterable[Value]:
    from urllib.parse import urljoin

    if len(node.args) < 2:
        return
    for base in texts(node.args[0], scope):
        last = as_text(only(evaluate(node.args[1], scope)))
        mark = "HOLE"  # urljoin would drop the character that stands for it
        try:
            made = urljoin(base.text.replace(HOLE, mark), last.text.replace(HOLE, mark)).replace(mark, HOLE)
        except ValueError:  # it is no address
            made = HOLE
        yield Text(made, base.sources | last.sources | {node})


def _itself(node: ast.Call, scope: Scope) -> Iterable[Value]:
    return _first(node, scope)


def _encoded(node: ast.Call, scope: Scope) -> Iterable[Value]:
    return (Encoded(value) for value in _first(node, scope) if value != OPAQUE)


def _made_dict(node: ast.Call, scope: Scope) -> Iterable[Value]:
    """``dict(a=1)``, ``dict(known, b=2)``."""
    made = Table({})
    if node.args:
        first = only(_first(node, scope))
        made = first if isinstance(first, Table) else Table({}, False)
    for each in node.keywords:
        found = only(evaluate(each.value, scope))
        if each.arg is not None:
            made = merged(made, Table({each.arg: found}))
        else:
            made = merged(made, found if isinstance(found, Table) else Table({}, False))
    yield made


def _copied(node: ast.Call, scope: Scope) -> Iterable[Value]:
    return evaluate(node.func.value, scope) if isinstance(node.func, ast.Attribute) else ()


_CALLS: Mapping[str, Callable[[ast.Call, Scope], Iterable[Value]]] = {
    "format": _format,
    "get": _getenv,
    "getenv": _getenv,
    "pop": _getenv,
    "strip": _strip,
    "lstrip": _strip,
    "rstrip": _strip,
    "removesuffix": _strip,
    "removeprefix": _strip,
    "join": _join,
    "urljoin": _urljoin,
    "str": _itself,
    "URL": _itself,
    "HttpUrl": _itself,
    "Final": _itself,
    "list": _itself,
    "tuple": _itself,
    "dumps": _encoded,
    "dict": _made_dict,
    "OrderedDict": _made_dict,
    "copy": _copied,
    "encode": _copied,
}
_EVALUATORS: Mapping[type[Any], Callable[[Any, Scope], Values]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.JoinedStr: _joined,
    ast.BinOp: _operation,
    ast.Dict: _dict,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.IfExp: _choice,
    ast.BoolOp: _either,
    ast.NamedExpr: _walrus,
    ast.Subscript: _item,
    ast.Await: _awaited,
    ast.Call: _call,
}
