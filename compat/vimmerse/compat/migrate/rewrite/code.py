"""Source code for values of a v2 body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.symbols import Structure, Symbol
from vimmerse.compat.migrate.rewrite.syntax import comma

#: Returns the expression that uploads a file and gives its URL, or None for a value that is no file.
Upload = Callable[[Any], cst.BaseExpression | None]
_LONG = 66  # characters, of an expression on one line
Updated = Callable[[cst.BaseExpression], cst.BaseExpression]


class Writer:
    """Writes values as expressions, in the quotes of a module.

    Args:
        structure: The v1 body that the values come from.
        origins: The path in the v1 body by the path in the v2 body, where they differ.
        updated: Returns an expression as it is after the other changes inside it.
        conversions: The function that a symbol is wrapped in, such as ``int``, by the path in the v2 body.
        upload: Returns the expression that uploads a file and gives its URL, where a value stands for a file.
    """

    def __init__(
        self,
        structure: Structure,
        origins: Mapping[str, str],
        updated: Updated,
        conversions: Mapping[str, Callable[[str], str]],
        quote: str,
        upload: Upload | None = None,
    ) -> None:
        self._structure = structure
        self._origins = origins
        self._updated = updated
        self._conversions = conversions
        self._quote = quote
        self._upload = upload
        self._indent: int | None = None
        self._nodes: dict[str, cst.BaseExpression] = {}

    def expression(self, path: str, value: Any, indent: int | None = None) -> cst.BaseExpression:
        """Return the expression of a value at a path of the v2 body.

        Args:
            indent: Where the lines of the expression begin, below the indentation of the statement, if it stands on a
                line of its own: a long one then gets a line for each of its parts.
        """
        source = self._structure.sources.get(self._origins.get(path, path))
        if source is not None and path not in self._conversions and is_same(source[1], value):
            return self._updated(source[0])
        self._nodes = {}
        self._indent = None
        code = self._text(path, value)
        if indent is not None and isinstance(value, dict | list) and self._length(code) + indent > _LONG:
            self._nodes = {}
            self._indent = indent
            code = self._text(path, value)
        changed = cst.parse_expression(code).visit(_Placeholders(self._nodes))
        assert isinstance(changed, cst.BaseExpression)
        return changed

    def _length(self, code: str) -> int:
        changed = cst.parse_expression(code).visit(_Placeholders(self._nodes))
        assert isinstance(changed, cst.CSTNode)
        return len(cst.Module([]).code_for_node(changed))

    def _joined(self, opening: str, parts: Callable[[], list[str]], closing: str) -> str:
        """Return the parts of a dict or list, on one line or on a line each."""
        if self._indent is None:
            return f"{opening}{', '.join(parts())}{closing}"
        outer = self._indent
        self._indent = outer + 4
        lines = "".join(f"{' ' * self._indent}{part},\n" for part in parts())
        self._indent = outer
        return f"{opening}\n{lines}{' ' * outer}{closing}"

    def is_source(self, node: cst.BaseExpression, path: str, value: Any) -> bool:
        """Return whether a value of the v2 body is what an expression of the v1 body gives already."""
        source = self._structure.sources.get(self._origins.get(path, path))
        return source is not None and source[0] is node and path not in self._conversions and is_same(source[1], value)

    def is_key(self, node: cst.BaseExpression, name: str) -> bool:
        """Return whether an expression is a literal with this text."""
        return isinstance(node, cst.SimpleString) and node.evaluated_value == name

    def new_dict(self, body: Mapping[str, Any], indent: int | None = None) -> cst.Dict:
        """Return a dict literal; ``indent`` as for :meth:`expression`."""
        elements = [
            cst.DictElement(cst.SimpleString(self.text(name)), self.expression(name, value, indent), comma=comma())
            for name, value in body.items()
        ]
        if elements:
            elements[-1] = elements[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return cst.Dict(elements)

    def optional_test(self, symbol: Symbol) -> cst.BaseExpression:
        """Return the test whether an optional value is sent: a form leaves out None and empty texts."""
        node = self._updated(symbol.node)
        if symbol.type in ("int", "float", "bool"):
            target = cst.ComparisonTarget(cst.IsNot(), cst.Name("None"))
            return cst.Comparison(node, [target])
        return node

    def text(self, value: str) -> str:
        """Return a text as a literal in the quotes of the module."""
        literal = repr(value)
        if self._quote == '"' and literal[0] == "'" and '"' not in value and "\\'" not in literal:
            return f'"{literal[1:-1]}"'
        return literal

    def _placeholder(self, node: cst.BaseExpression) -> str:
        name = f"__value_{len(self._nodes)}__"
        self._nodes[name] = self._updated(node)
        return name

    def _text(self, path: str, value: Any) -> str:
        source = self._structure.sources.get(self._origins.get(path, path))
        if source is not None and path not in self._conversions and is_same(source[1], value):
            return self._placeholder(source[0])
        if isinstance(value, Symbol):
            name = self._placeholder(value.node)
            convert = self._conversions.get(path)
            return convert(name) if convert is not None else name
        if self._upload is not None and (uploaded := self._upload(value)) is not None:
            name = f"__value_{len(self._nodes)}__"
            self._nodes[name] = uploaded
            return name
        if isinstance(value, dict):

            def items() -> list[str]:
                return [f"{self.text(key)}: {self._text(f'{path}.{key}', item)}" for key, item in value.items()]

            return self._joined("{", items, "}") if value else "{}"
        if isinstance(value, list):

            def parts() -> list[str]:
                return [self._text(f"{path}.{index}", item) for index, item in enumerate(value)]

            return self._joined("[", parts, "]") if value else "[]"
        if isinstance(value, str):
            return self._template(path, value)
        return repr(value)

    def _template(self, path: str, value: str) -> str:
        parts = self._structure.holes.split(value)
        if all(isinstance(part, str) for part in parts):
            return self.text(value)
        if len(parts) == 1 and not isinstance(parts[0], str):
            name = self._placeholder(parts[0])
            convert = self._conversions.get(path)
            return convert(name) if convert is not None else name
        texts = [
            part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else f"{{{self._placeholder(part)}}}"
            for part in parts
        ]
        # Before Python 3.12 an expression in an f-string can't have the string's own quotes.
        inner = "".join(
            cst.Module([]).code_for_node(self._updated(part)) for part in parts if not isinstance(part, str)
        )
        quote = next((one for one in (self._quote, '"', "'", '"""') if one not in inner), "'''")
        text = repr("'\"" + "".join(texts))[4:-1].replace("\\'", "'")
        return f"f{quote}{text.replace(quote[0], chr(92) + quote[0])}{quote}"


class _Placeholders(cst.CSTTransformer):
    def __init__(self, nodes: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._nodes = nodes

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._nodes.get(original_node.value, updated_node)


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values of bodies are the same in JSON: ``1`` is neither ``True`` nor ``"1"``."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_same(a, b) for a, b in zip(one, other, strict=True))
    return one is other or (type(one) is type(other) and bool(one == other))
