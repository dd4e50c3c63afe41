"""Texts that a program joins from literals and expressions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, count, product

import libcst as cst
from vimmerse.compat.migrate.rewrite.values import ANYTHING, Constant, Dict, List, Piece, Text, Unknown, Values, only

_FIELD = re.compile(r"\{(\w*)((?:![rsa])?(?::[^{}]*)?)\}")
_CONVERSION = re.compile(r"%(?:\((\w+)\))?([-+ #0]*\d*(?:\.\d+)?)([sdifr])")
_RESOURCE = re.compile(r"/(story|media)\b")
_MAX_COMBINATIONS = 16


def texts_of(
    node: cst.SimpleString | cst.ConcatenatedString | cst.FormattedString,
    evaluate: Callable[[cst.BaseExpression], Values],
) -> Values:
    """Return a literal or f-string as texts. The values of expressions that are texts become part of them."""
    parts = _parts(node, evaluate)
    if math.prod(map(len, parts)) > _MAX_COMBINATIONS:
        return ANYTHING
    return frozenset(Text(tuple(chain.from_iterable(pieces))) for pieces in product(*parts))


def _parts(node: cst.CSTNode, evaluate: Callable[[cst.BaseExpression], Values]) -> list[list[list[Piece]]]:
    """Return what each part of a text may be."""
    match node:
        case cst.SimpleString():
            value = node.evaluated_value
            return [[[Piece(value if isinstance(value, str) else None, node)]]]
        case cst.ConcatenatedString(left=left, right=right):
            return [*_parts(left, evaluate), *_parts(right, evaluate)]
        case cst.FormattedString(parts=parts):
            return [inner for part in parts for inner in _parts(part, evaluate)]
        case cst.FormattedStringText(value=value):
            return [[[Piece(value.replace("{{", "{").replace("}}", "}"), node)]]]
    assert isinstance(node, cst.FormattedStringExpression)
    values = evaluate(node.expression)
    if node.conversion is not None or node.format_spec:
        return [[[Piece(None, node.expression, values)]]]
    if any(isinstance(value, Text) and _RESOURCE.search(value.pattern) for value in values):
        return [[_inserted(node.expression, frozenset({value})) for value in values]]
    return [[_inserted(node.expression, values)]]


def _inserted(node: cst.BaseExpression | None, values: Values) -> list[Piece]:
    """Return the pieces of a value that is put into a text."""
    match only(values):
        case Text(pieces=pieces):
            return list(pieces)
        case Constant(value=int() as number, node=literal):
            return [Piece(str(number), literal)]
    return [Piece(None, node or cst.Name("value"), values)]


def joined(left: tuple[cst.BaseExpression, Values], right: tuple[cst.BaseExpression, Values]) -> Values:
    """Return what ``left + right`` may be."""
    if not any(isinstance(value, Text) for value in (*left[1], *right[1])):
        types = {value.type for value in (*left[1], *right[1]) if isinstance(value, Unknown)}
        return frozenset({Unknown(types.pop())}) if len(types) == 1 else ANYTHING
    lefts, rights = left[1] or ANYTHING, right[1] or ANYTHING
    if len(lefts) * len(rights) > _MAX_COMBINATIONS:
        return ANYTHING
    return frozenset(
        Text((*_inserted(left[0], frozenset({one})), *_inserted(right[0], frozenset({other}))))
        for one in lefts
        for other in rights
    )


def formatted(
    template: Text,
    positional: Sequence[tuple[cst.BaseExpression, Values]],
    keywords: Mapping[str, tuple[cst.BaseExpression, Values]],
) -> Values:
    """Return what ``template.format(…)`` gives."""
    automatic = count()

    def fill(match: re.Match[str], node: cst.CSTNode) -> list[Piece]:
        name = match[1]
        if not name or name.isdecimal():
            position = int(name) if name else next(automatic)
            argument = positional[position] if position < len(positional) else None
        else:
            argument = keywords.get(name)
        return _inserted(*argument) if argument is not None and not match[2] else [Piece(None, node)]

    return _filled(template, _FIELD, fill)


def percent(node: cst.BinaryOperation, left: Values, right: Values) -> Values:
    """Return what ``"…%s…" % values`` gives."""
    template = only(left)
    if not isinstance(template, Text):
        return ANYTHING
    positions = count()

    def fill(match: re.Match[str], _: cst.CSTNode) -> list[Piece]:
        values = _argument_of_percent(node.right, right, match[1], next(positions))
        is_plain = not match[2] and match[3] in "sdi"
        return _inserted(node.right, values) if is_plain else [Piece(None, node.right)]

    return _filled(template, _CONVERSION, fill)


def _filled(
    template: Text, place: re.Pattern[str], fill: Callable[[re.Match[str], cst.CSTNode], list[Piece]]
) -> Values:
    """Return a text in which ``fill`` gives what each place becomes. It gets the literal that the place is in, too."""
    pieces: list[Piece] = []
    for piece in template.pieces:
        if piece.text is None:
            pieces.append(piece)
            continue
        end = 0
        for match in place.finditer(piece.text):
            pieces += [Piece(piece.text[end : match.start()], piece.node), *fill(match, piece.node)]
            end = match.end()
        pieces.append(Piece(piece.text[end:], piece.node))
    return frozenset({Text(tuple(piece for piece in pieces if piece.text != ""))})


def _argument_of_percent(node: cst.BaseExpression, values: Values, key: str | None, index: int) -> Values:
    match only(values):
        case Dict(object=made) if key is not None and len(entries := made.find(key)) == 1 and not made.is_open:
            return entries[0].values
        case List(object=listed) if isinstance(node, cst.Tuple) and not listed.is_open and index < len(listed.items):
            return listed.items[index][1]
        case Text() | Constant() if key is None:
            return values
    return ANYTHING


def url_joined(base: tuple[cst.Arg, Values], path: tuple[cst.Arg, Values]) -> Values:
    """Return what ``urljoin(base, path)`` gives, where the base is the root of a host or a directory."""
    bases, paths = Text(tuple(_inserted(base[0].value, base[1]))), only(path[1])
    if not isinstance(paths, Text) or not bases.pieces or not paths.pieces:
        return ANYTHING
    end, start = bases.pieces[-1].text, paths.pieces[0].text
    if start is not None and start.startswith("http"):
        return frozenset({paths})
    if start is not None and start.startswith("/") and len(bases.pieces) == 1 and end is None:
        return frozenset({Text((*bases.pieces, *paths.pieces))})  # the path of an unknown base is replaced
    if start is None or end is None:
        return ANYTHING
    root = bases.pattern.partition("://")[2]
    if start.startswith("/") and "/" in root.rstrip("/"):
        return ANYTHING  # the base has a path of its own, which is replaced
    if end.endswith("/") and start.startswith("/"):
        last = bases.pieces[-1]
        return frozenset({Text((*bases.pieces[:-1], Piece(end[:-1], last.node), *paths.pieces))})
    separator = () if end.endswith("/") or start.startswith("/") else (Piece("/", base[0].value),)
    return frozenset({Text((*bases.pieces, *separator, *paths.pieces))})


def list_joined(separator: tuple[Piece, ...], values: Values) -> Values:
    """Return what ``separator.join(items)`` gives for a list whose items are known."""
    match only(values):
        case List(object=list_object) if not list_object.is_open:
            pieces: list[Piece] = []
            for index, (node, item) in enumerate(list_object.items):
                if index:
                    pieces.extend(separator)
                pieces.extend(_inserted(node, item))
            return frozenset({Text(tuple(pieces))})
    return frozenset({Unknown("str")})
