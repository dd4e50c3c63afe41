"""The changes of a syntax tree, collected by node and made in one pass.

A change of an expression is a function from the node as it is after the changes inside it to its replacement, so
changes of nested expressions add up. The rest of the source stays as it is, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

import libcst as cst
from libcst import matchers
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor, ImportItem

_JSON = matchers.Attribute(matchers.Name("json"))
_IMPORT = matchers.ImportAlias(matchers.Name("json"), asname=None)

Change = Callable[[Any], Any]

#: How every comment of a migration begins.
MARK = "# vimmerse migrate:"


class Edits:
    """The changes of one module."""

    def __init__(self) -> None:
        self._changes: dict[cst.CSTNode, list[Change]] = {}
        self._before: dict[cst.CSTNode, list[Callable[[], Sequence[cst.BaseStatement]]]] = {}
        self._comments: dict[cst.CSTNode, list[str]] = {}
        self._replaced: set[cst.CSTNode] = set()
        self._imports: dict[tuple[str, str | None], None] = {}
        self._definitions: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._changes or self._before or self._comments or self._imports or self._definitions)

    def change(self, node: cst.CSTNode, change: Change) -> None:
        """Replace a node by what ``change`` makes of it; several changes of a node run in the order of these calls.

        ``change`` returns a node, ``cst.RemoveFromParent()`` or a ``cst.FlattenSentinel``.
        """
        self._changes.setdefault(node, []).append(change)

    def replace(self, node: cst.CSTNode, new: cst.CSTNode) -> None:
        """Replace a node by another. Changes inside the old node are lost: use :meth:`change` to keep them."""
        self.change(node, lambda updated: new)

    def replace_lazily(self, node: cst.CSTNode, make: Callable[[], cst.CSTNode]) -> None:
        """Replace a node by what ``make`` returns when the tree is changed."""
        self._replaced.add(node)
        self.change(node, lambda updated: make())

    def updated(self, node: Any) -> Any:
        """Return a node of the original tree as it is after the changes inside it, to move it elsewhere."""
        skipped = node if node in self._replaced else None
        return node.visit(_Transformer(self._changes, {}, {}, skipped))

    def insert_before(self, statement: cst.CSTNode, make: Callable[[], Sequence[cst.BaseStatement]]) -> None:
        """Insert statements before a statement of a block. ``make`` is called when the tree is changed."""
        self._before.setdefault(statement, []).append(make)

    def comment(self, statement: cst.CSTNode, text: str) -> None:
        """Put a comment line above a statement. It is not added where it stands already."""
        comments = self._comments.setdefault(statement, [])
        if text not in comments:
            comments.append(text)

    def define(self, name: str, code: str) -> None:
        """Add a function at the top level of the module, below its imports, where it has none with this name."""
        self._definitions[name] = code

    def add_import(self, module: str, name: str | None = None) -> None:
        """Import a module, or a name from it, at the top of the file where it is not imported there."""
        self._imports.setdefault((module, name))

    def apply(self, module: cst.Module, ancestors: Callable[[cst.CSTNode], Iterable[cst.CSTNode]]) -> cst.Module:
        """Return the module with the changes. ``ancestors``: returns the nodes around a node."""
        changing = {*self._changes, *self._before, *self._comments}
        around = {outer for node in changing for outer in (node, *ancestors(node))}
        transformer = _Transformer(self._changes, self._before, self._comments, around=around)
        changed = _without_unused_json(module, module.visit(transformer))
        for name, code in self._definitions.items():
            changed = _with_definition(changed, name, code)
        if not self._imports:
            return changed
        return AddImportsVisitor(CodemodContext(), [ImportItem(*item) for item in self._imports]).transform_module(
            changed
        )


def can_define(module: cst.Module, name: str, code: str) -> bool:
    """Return whether a module uses a name for nothing else than a function that a migration defines.

    Attributes and methods of that name are other things.
    """
    attributes: list[Any] = [*matchers.findall(module, matchers.Attribute())]
    classes: list[Any] = [*matchers.findall(module, matchers.ClassDef())]
    others = {attribute.attr for attribute in attributes}
    others |= {each.name for found in classes for each in found.body.body if isinstance(each, cst.FunctionDef)}
    uses = set(matchers.findall(module, matchers.Name(name)))
    return uses <= others or code in "\n".join(module.code.splitlines())


def _without_unused_json(before: cst.Module, after: cst.Module) -> cst.Module:
    """Return a module without ``import json`` where ``json.dumps`` was all that used it."""
    body = [
        statement
        for statement in after.body
        if not matchers.matches(statement, matchers.SimpleStatementLine([matchers.Import([_IMPORT])]))
    ]
    if len(body) == len(after.body) or not matchers.findall(before, _JSON) or matchers.findall(after, _JSON):
        return after
    return after.with_changes(body=body)


def _with_definition(module: cst.Module, name: str, code: str) -> cst.Module:
    body = list(module.body)
    if any(isinstance(statement, cst.FunctionDef) and statement.name.value == name for statement in body):
        return module
    position = 1 if module.get_docstring(clean=False) is not None else 0
    for index, statement in enumerate(body):
        if isinstance(statement, cst.SimpleStatementLine) and isinstance(
            statement.body[0], cst.Import | cst.ImportFrom
        ):
            position = index + 1
    new = cst.parse_statement(code.replace("\n", module.default_newline), module.config_for_parsing)
    assert isinstance(new, cst.FunctionDef)
    blank = [cst.EmptyLine(indent=False), cst.EmptyLine(indent=False)]
    body.insert(position, new.with_changes(leading_lines=blank))
    if position + 1 < len(body):
        following: Any = body[position + 1]
        lines = list(following.leading_lines)
        count = next((index for index, line in enumerate(lines) if line.comment is not None), len(lines))
        body[position + 1] = following.with_changes(leading_lines=[*blank, *lines[count:]])
    return module.with_changes(body=body)


class _Transformer(cst.CSTTransformer):
    def __init__(
        self,
        changes: dict[cst.CSTNode, list[Change]],
        before: dict[cst.CSTNode, list[Callable[[], Sequence[cst.BaseStatement]]]],
        comments: dict[cst.CSTNode, list[str]],
        skipped: cst.CSTNode | None = None,
        around: Container[cst.CSTNode] | None = None,
    ) -> None:
        super().__init__()
        self._skipped = skipped  # whose replacement takes it in
        self._around = around  # what changes and what is around it; None: look everywhere
        self._changes, self._before, self._comments = changes, before, comments

    def on_visit(self, node: cst.CSTNode) -> bool:
        return self._around is None or node in self._around

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        new = updated_node
        changes = () if original_node is self._skipped else self._changes.get(original_node, ())
        for change in changes:
            new = change(new)
        comments = self._comments.get(original_node, ())
        inserted: list[Any] = [statement for make in self._before.get(original_node, ()) for statement in make()]
        if not (comments or inserted):
            return new
        kept = [] if isinstance(new, cst.RemovalSentinel) else [*new] if isinstance(new, cst.FlattenSentinel) else [new]
        if not kept:
            return cst.FlattenSentinel(inserted) if inserted else new
        lines = _with_comments(kept[0].leading_lines, comments)
        if not inserted:
            first = kept[0].with_changes(leading_lines=lines)
            return cst.FlattenSentinel([first, *kept[1:]]) if kept[1:] else first
        # The comments and blank lines above the statement stay above what is inserted.
        inserted[0] = inserted[0].with_changes(leading_lines=lines)
        return cst.FlattenSentinel([*inserted, kept[0].with_changes(leading_lines=()), *kept[1:]])


def _with_comments(lines: Sequence[cst.EmptyLine], comments: Sequence[str]) -> list[cst.EmptyLine]:
    there = {line.comment.value for line in lines if line.comment is not None}
    new = [comment for text in comments if (comment := f"{MARK} {text}") not in there]
    return [*lines, *(cst.EmptyLine(comment=cst.Comment(comment)) for comment in new)]
