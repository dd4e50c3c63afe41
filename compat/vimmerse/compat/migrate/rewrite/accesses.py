"""Reads and writes of a key of a response, and the source that takes their place."""

from __future__ import annotations

from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.parts import literal_code
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.shapes import Read
from vimmerse.compat.migrate.rewrite.syntax import comma, method_call, parenthesized, quoted, renamed, subscript


class Access:
    """A read or write of a key: ``part[key]``, ``part.get(key)``, ``part.pop(key)``.

    Attributes:
        node: The subscript or call.
        receiver: The part that is read.
        key: The expression of the key.
        is_write: Whether the key is set or deleted.
    """

    def __init__(self, plan: Plan, node: cst.Subscript | cst.Call, receiver: cst.CSTNode) -> None:
        self.node = node
        self.receiver = receiver
        self.key: cst.BaseExpression | None = None
        if isinstance(node, cst.Call):
            self.key = node.args[0].value
            self.is_write = False
            return
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
            self.key = node.slice[0].slice.value
        parent = plan.parent(node)
        self.is_write = isinstance(parent, cst.AssignTarget | cst.Del | cst.AugAssign | cst.AnnAssign) and (
            not isinstance(parent, cst.AugAssign | cst.AnnAssign) or parent.target is node
        )

    @staticmethod
    def inner(updated: Any) -> cst.BaseExpression:
        """Return the receiver of an access."""
        inner = updated.value if isinstance(updated, cst.Subscript) else updated.func.value
        assert isinstance(inner, cst.BaseExpression)
        return inner

    @staticmethod
    def with_key(updated: Any, text: str, quote: str) -> cst.BaseExpression:
        """Return an access with another key."""
        new: cst.BaseExpression
        if isinstance(updated, cst.Subscript):
            old = updated.slice[0].slice
            assert isinstance(old, cst.Index)
            element = updated.slice[0].with_changes(slice=old.with_changes(value=renamed(old.value, text, quote)))
            new = updated.with_changes(slice=[element])
        else:
            first = updated.args[0]
            argument = first.with_changes(value=renamed(first.value, text, quote))
            new = updated.with_changes(args=[argument, *updated.args[1:]])
        return new


def with_scenes(access: Access, updated: Any, read: Read, quote: str) -> cst.BaseExpression:
    """Return ``part["storyboard"]["scenes"]`` for ``part["scenes"]``."""
    outer, inner = (quoted(name, quote) for name in read.v2.split("."))
    value = access.inner(updated)
    if isinstance(updated, cst.Subscript):
        return subscript(subscript(value, outer), inner)
    return method_call(method_call(value, "get", outer, cst.Dict([])), "get", inner, cst.List([]))


def with_default(updated: Any, default: Any, quote: str) -> cst.Call:
    """Return ``part.get(key, default)`` for ``part[key]`` or ``part.get(key)``."""
    added = [] if default is None else [cst.parse_expression(literal_code(default, quote))]
    if isinstance(updated, cst.Subscript):
        index = updated.slice[0].slice
        assert isinstance(index, cst.Index)
        return method_call(updated.value, "get", index.value, *added)
    if len(updated.args) > 1 or not added:
        assert isinstance(updated, cst.Call)
        return updated
    new = updated.with_changes(args=[updated.args[0].with_changes(comma=comma()), cst.Arg(added[0])])
    assert isinstance(new, cst.Call)
    return new


def entry_or_default(updated: cst.Call) -> cst.BaseExpression:
    """Return ``(entry or None)`` for ``entry.get("url")``, where the entry may be an empty dict of the program."""
    default = updated.args[1].value if len(updated.args) > 1 else cst.Name("None")
    return parenthesized(cst.BooleanOperation(Access.inner(updated), cst.Or(), default))


def negated(node: cst.BaseExpression) -> cst.UnaryOperation:
    """Return ``(not node)``."""
    return parenthesized(cst.UnaryOperation(cst.Not(), node))
