"""The parts of migrated responses in a program: which expressions are one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.plan import Plan, PlannedCall
from vimmerse.compat.migrate.rewrite.shapes import Shape, shape_of
from vimmerse.compat.migrate.rewrite.values import Body, Dict, Response, ResponseText, Value, Values


@dataclass
class Parts:
    """What an expression may be that is a part of a response.

    Attributes:
        shapes: The parts of responses of migrated calls, each with its call.
        foreign: Whether it may be a part of another response: of a call that is left, or of another service.
        others: What else it may be.
    """

    shapes: list[tuple[PlannedCall, Shape]] = field(default_factory=list)
    foreign: bool = False
    others: list[Value] = field(default_factory=list)

    @property
    def operation(self) -> str:
        """The operation, or one of several."""
        return min(v1.operation.v1 for v1, _ in self.shapes)


def parts_of(plan: Plan, values: Values) -> Parts:
    """Return which parts of responses these values are."""
    parts = Parts()
    for value in values:
        if not isinstance(value, Body):
            parts.others.append(value)
        elif not plan.is_reached(value.call):
            pass  # of the analysis' first run, which knew less of the address
        elif plan.is_migrated(value.call):
            v1 = plan.calls[value.call]
            if v1.operation.response_kind != "bytes":
                parts.shapes.append((v1, shape_of(v1.operation, value.path)))
        else:
            parts.foreign = True
    return parts


def nodes_of_responses(plan: Plan) -> Iterator[tuple[cst.CSTNode, Parts]]:
    """Yield the expressions that may be a part of a migrated response."""
    for node, values in list(plan.analysis.values.items()):
        if any(isinstance(value, Body) and value.call in plan.calls for value in values):
            parts = parts_of(plan, values)
            if parts.shapes:
                yield node, parts


def is_raw(plan: Plan, values: Values) -> bool:
    """Return whether it may be a migrated response itself, or its text."""
    return any(
        isinstance(value, Response | ResponseText)
        and plan.is_migrated(value.call)
        and plan.calls[value.call].operation.response_kind != "bytes"
        for value in values
    )


def has_key(values: list[Value], key: str) -> bool:
    """Return whether one of the values is a dict of the program with this key."""
    return any(isinstance(value, Dict) and bool(value.object.find(key)) for value in values)


def quote_at(plan: Plan, node: cst.CSTNode) -> str:
    """Return the quotes for a new literal: those of the module, or the others inside an f-string."""
    around = plan.parent(node)
    while not isinstance(around, cst.FormattedString | cst.BaseStatement | None):
        around = plan.parent(around)
    if isinstance(around, cst.FormattedString):
        return "'" if '"' in around.start else '"'
    return plan.quote_of(node)


def literal_code(value: Any, quote: str) -> str:
    """Return a default as source."""
    if isinstance(value, str):
        return f"{quote}{value}{quote}"
    return repr(value)


def is_test(plan: Plan, node: cst.CSTNode) -> bool:
    """Return whether only the truth of an expression counts."""
    parent = plan.parent(node)
    match parent:
        case cst.If(test=test) | cst.While(test=test) | cst.IfExp(test=test) | cst.Assert(test=test):
            return test is node
        case cst.CompIf():
            return True
        case cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.BooleanOperation():
            return is_test(plan, parent)
    return False


def is_pure(node: cst.BaseExpression) -> bool:
    """Return whether an expression can be evaluated twice: names, attributes, subscripts and ``get``."""
    match node:
        case cst.Name() | cst.SimpleString() | cst.Integer() | cst.FormattedString():
            return True
        case cst.Attribute(value=value):
            return is_pure(value)
        case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return is_pure(value) and is_pure(index)
        case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(value="get" | "lower" | "upper" | "strip"))):
            return is_pure(value) and all(is_pure(argument.value) for argument in node.args) and len(node.args) <= 2
        case cst.Dict(elements=()):
            return True
    return False
