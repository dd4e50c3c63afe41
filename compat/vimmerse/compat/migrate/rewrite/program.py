"""The modules of a program: their syntax trees, positions, parents, and which module an import means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache, cached_property
from pathlib import PurePath

import libcst as cst
from vimmerse.compat.migrate.rewrite.positions import Positions


class Module:
    """A module of a program.

    Attributes:
        path: As the caller passed it.
        source: Its text, before any change.
        parts: The parts of the path without the suffix, for imports: ``("app", "config")``.
        tree: Its syntax tree. Nodes are compared by identity.
    """

    def __init__(self, path: str, source: str) -> None:
        """Raises ``libcst.ParserSyntaxError``."""
        self.path = path
        self.source = source
        parts = PurePath(path.replace("\\", "/")).with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.parts = parts[:-1] if self.is_package else parts
        self.tree = cst.parse_module(source)

    # Positions and parents take longer than parsing, and few modules of a large program need them.

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self.tree)

    @cached_property
    def _parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        return _parents(self.tree)

    def line(self, node: cst.CSTNode) -> int:
        """Return the line of a node, from 1."""
        return self._positions.of(node).line

    def position(self, node: cst.CSTNode) -> tuple[int, int, int]:
        """Return line and column, from 1, and the last line of a node."""
        return self._positions.of(node)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the node around a node."""
        return self._parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the nodes around a node, the nearest first."""
        while (parent := self._parents.get(node)) is not None:
            yield parent
            node = parent

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """Return the statement of a block that a node is part of: what comments and new statements go above."""
        around = (node, *self.ancestors(node))
        return next(each for each in around if isinstance(each, cst.SimpleStatementLine | cst.BaseCompoundStatement))

    def function_around(self, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """Return the function or lambda that a node is in."""
        return next((each for each in self.ancestors(node) if isinstance(each, cst.FunctionDef | cst.Lambda)), None)

    def code(self, node: cst.CSTNode) -> str:
        """Return the source of a node."""
        return self.tree.code_for_node(node)


def _parents(tree: cst.Module) -> dict[cst.CSTNode, cst.CSTNode]:
    """Return the node around each node. LibCST's own provider takes ten times as long."""
    parents: dict[cst.CSTNode, cst.CSTNode] = {}
    pending: list[cst.CSTNode] = [tree]
    while pending:
        node = pending.pop()
        for child in children(node):
            parents[child] = node
            pending.append(child)
    return parents


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the nodes of which a node consists, with its whitespace. A visitor of LibCST rebuilds each instead."""
    for name in _field_names(type(node)):
        value = getattr(node, name)
        for child in value if isinstance(value, list | tuple) else [value]:
            if isinstance(child, cst.CSTNode):
                yield child


@cache
def _field_names(node_type: type[cst.CSTNode]) -> list[str]:
    return [field.name for field in fields(node_type)]


class Program:
    """Modules that are rewritten together, because they may import each other."""

    def __init__(self, sources: Mapping[str, str], progress: Callable[[int, int], None] | None = None) -> None:
        self.modules: dict[str, Module] = {}
        self.errors: dict[str, str] = {}
        for count, (path, source) in enumerate(sources.items(), 1):
            if progress is not None:
                progress(count, len(sources))
            try:
                self.modules[path] = Module(path, source)
            except cst.ParserSyntaxError as error:
                self.errors[path] = f"line {error.raw_line}: {error.message.partition(': expected')[0]}"
            except cst.CSTValidationError as error:
                self.errors[path] = str(error)
        self._by_last: dict[str, list[Module]] = {}
        for module in self.modules.values():
            if module.parts:
                self._by_last.setdefault(module.parts[-1], []).append(module)

    def find(self, name: str, importer: Module, level: int = 0) -> Module | None:
        """Return the module that ``import name`` means in a module, or None if it is not one of the program's.

        Args:
            level: The number of leading dots of a relative import.
        """
        parts = tuple(name.split(".") if name else [])
        package = importer.parts if importer.is_package else importer.parts[:-1]
        if level:
            base = package[: len(package) - level + 1]
            return self._exactly((*base, *parts))
        candidates = [
            module
            for module in self._by_last.get(parts[-1], ())
            if module.parts[-len(parts) :] == parts and module is not importer
        ]
        # A module beside the importer comes first, as in a script's own directory; then one below a parent directory.
        for length in range(len(package), -1, -1):
            for module in candidates:
                if module.parts == (*package[:length], *parts):
                    return module
        return candidates[0] if len(candidates) == 1 else None

    def _exactly(self, parts: tuple[str, ...]) -> Module | None:
        return next(
            (module for module in self._by_last.get(parts[-1] if parts else "", ()) if module.parts == parts), None
        )
