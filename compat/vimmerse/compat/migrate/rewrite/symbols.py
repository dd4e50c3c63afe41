"""A v1 body as far as a program names it: known values as they are, and a :class:`Symbol` for each expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.values import (
    Body,
    Constant,
    Dict,
    Encoded,
    List,
    Piece,
    Text,
    Unknown,
    Values,
    literals,
    only,
)

#: A hole in a text whose other parts are read, such as ``Params``: a character of Unicode's private use area.
_FIRST_HOLE = 0xE000


class Symbol:
    """A value that is known at run time only.

    Attributes:
        node: The expression.
        type: The name of its type where that is known.
        is_optional: Whether it may be None or an empty text, which v1's forms leave out.
        may_be_none: Whether it may be None, but not an empty text.
        choices: All values that it may have, or None.
        has_default: Whether what is sent in place of None is written with it.
        is_response: Whether it is a part of a response of the API; bodies: which parts.
    """

    def __init__(self, node: cst.BaseExpression, values: Values) -> None:
        self.node = node
        known = [value for value in values if not isinstance(value, Unknown)]
        types = {value.type for value in values if isinstance(value, Unknown)}
        if any(isinstance(value, Text) for value in known):
            types.add("str")
        if any(isinstance(value, List) for value in known):
            types.add("list")
        for value in known:
            if isinstance(value, Constant) and value.value is not None:
                types.add(type(value.value).__name__)
        # A default such as None says nothing of the type of what is passed instead.
        self.type = types.pop() if len(types) == 1 else ""
        self.is_optional = any(
            (isinstance(value, Constant) and value.value is None) or (isinstance(value, Text) and value.literal == "")
            for value in known
        ) or any(isinstance(value, Unknown) and value.may_be_none for value in values)
        self.has_default = False
        self.may_be_none = self.is_optional and not any(
            isinstance(value, Text) and value.literal == "" for value in known
        )
        choices = literals(values)
        self.choices = choices if choices and not self.is_optional else None
        self.is_response = bool(known) and all(isinstance(value, Body) for value in known)
        self.bodies = frozenset(value for value in known if isinstance(value, Body))

    def __repr__(self) -> str:
        return cst.Module([]).code_for_node(self.node)


class Holes:
    """The expressions in texts of which the literal parts are read."""

    def __init__(self) -> None:
        self.expressions: list[cst.BaseExpression] = []

    def text(self, pieces: tuple[Piece, ...]) -> str:
        """Return a text with a private character for each expression."""
        parts: list[str] = []
        for piece in pieces:
            if piece.text is not None:
                parts.append(piece.text)
            else:
                parts.append(chr(_FIRST_HOLE + len(self.expressions)))
                assert isinstance(piece.node, cst.BaseExpression)
                self.expressions.append(piece.node)
        return "".join(parts)

    def split(self, text: str) -> list[str | cst.BaseExpression]:
        """Return the literal parts and expressions of a text that :meth:`text` returned, or of a part of one."""
        parts: list[str | cst.BaseExpression] = []
        for char in text:
            index = ord(char) - _FIRST_HOLE
            if 0 <= index < len(self.expressions):
                parts.append(self.expressions[index])
            elif parts and isinstance(parts[-1], str):
                parts[-1] += char
            else:
                parts.append(char)
        return parts

    def occur_in(self, value: object) -> bool:
        """Return whether a text has a hole."""
        return isinstance(value, str) and any(not isinstance(part, str) for part in self.split(value))


class Structure:
    """The values of a body, with the expression that each comes from.

    Attributes:
        sources: The expression and value by the path in the v1 body: ``narrator``, ``data.title``.
    """

    def __init__(self) -> None:
        self.sources: dict[str, tuple[cst.BaseExpression, Any]] = {}
        self.holes = Holes()

    def value(self, path: str, node: cst.BaseExpression | None, values: Values) -> Any:
        """Return what an expression of the body is, as far as it is known."""
        found = self._value(path, node, values)
        if node is not None:
            encoded = only(values)
            self.sources[path] = (encoded.argument if isinstance(encoded, Encoded) else node), found
        return found

    def _value(self, path: str, node: cst.BaseExpression | None, values: Values) -> Any:
        match only(values):
            case Constant(value=None) if not isinstance(node, cst.Name) or node.value != "None":
                pass  # the default of a parameter, say: another caller may pass more
            case Constant(value=value) if not isinstance(value, bytes):
                return value
            case Text(pieces=pieces) as text:
                if text.literal is not None:
                    return text.literal
                if path.endswith("Params") and all(
                    isinstance(piece.node, cst.BaseExpression) if piece.text is None else "\\" not in piece.text
                    for piece in pieces
                ):
                    return self.holes.text(pieces)
            case Encoded(format="json", argument=argument, values=inner):
                return self._value(path, argument, inner)
            case Dict(object=dict_object):
                keys = [entry.key for entry in dict_object.entries]
                plain = not any(entry.conditional for entry in dict_object.entries) and len(set(keys)) == len(keys)
                if plain and not dict_object.is_open and not dict_object.removed:
                    return {
                        entry.key: self.value(f"{path}.{entry.key}", entry.value, entry.values)
                        for entry in dict_object.entries
                    }
            case List(object=list_object) if not list_object.is_open:
                return [
                    self.value(f"{path}.{index}", item, inner) for index, (item, inner) in enumerate(list_object.items)
                ]
        return Symbol(node if node is not None else cst.Name("value"), values)


def symbols_in(value: Any) -> list[Symbol]:
    """Return the symbols in a structure."""
    if isinstance(value, Symbol):
        return [value]
    if isinstance(value, dict):
        return [symbol for item in value.values() for symbol in symbols_in(item)]
    if isinstance(value, list):
        return [symbol for item in value for symbol in symbols_in(item)]
    return []


def substitute(value: Any, replace: Callable[[Symbol], Any]) -> Any:
    """Return a structure with each symbol replaced."""
    if isinstance(value, Symbol):
        return replace(value)
    if isinstance(value, dict):
        return {key: substitute(item, replace) for key, item in value.items()}
    if isinstance(value, list):
        return [substitute(item, replace) for item in value]
    return value
