"""Loops of a Python program that wait for a job, and would wait for ever if it failed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from vimmerse.compat.migrate.check.expressions import called_name
from vimmerse.compat.migrate.check.findings import words

_FAILURES = words("fail failed failure error cancel cancelled canceled")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: What a loop may call: such a call does not end it. Any other function may raise an error for a failed job.
_HARMLESS = words(
    "print sleep get json raise_for_status request Session str int float len format info debug warning log time now "
    "monotonic perf_counter append update dict list upper lower strip round max min isinstance bool"
)


def endless_polls(tree: ast.Module, polls: Iterable[ast.AST]) -> Iterator[ast.While]:
    """The loops that call one of ``polls``, the calls that ask for a job's status, and end on its success alone.

    A loop is left out if anything else might end it: another exit, the word for a failure, or a function that is not
    known to be harmless.
    """
    asked = set(polls)
    nodes = list(ast.walk(tree))
    functions: dict[str, list[_Function]] = {}
    for node in nodes:
        if isinstance(node, _Function):
            functions.setdefault(node.name, []).append(node)
    helpers = {name for name, found in functions.items() if len(found) == 1 and _asks(found[0], asked)}
    for node in nodes:
        if isinstance(node, ast.While) and not node.orelse and _is_endless(node, asked, helpers):
            yield node


def _asks(function: _Function, asked: set[ast.AST]) -> bool:
    """Whether all that a function does is to ask for the status."""
    inside = [*ast.walk(function)]
    return not asked.isdisjoint(inside) and _is_harmless(inside, asked, set())


def _is_endless(loop: ast.While, asked: set[ast.AST], helpers: set[str]) -> bool:
    inside = [node for part in (loop.test, *loop.body) for node in ast.walk(part)]
    if asked.isdisjoint(inside) and not any(
        isinstance(node, ast.Call) and called_name(node) in helpers for node in inside
    ):
        return False
    exits = {node for node in inside if isinstance(node, ast.Break | ast.Return)}
    on_success = set(_exits_on_success(loop.body))
    if exits != on_success or not _is_harmless(inside, asked, helpers):
        return False
    always = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    return bool(exits) if always else _tells_success(loop.test) == "no"


def _exits_on_success(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The exits directly below a test of success."""
    for statement in body:
        if isinstance(statement, ast.If) and _tells_success(statement.test) == "yes":
            yield from (each for each in statement.body if isinstance(each, ast.Break | ast.Return))


def _tells_success(test: ast.expr) -> str:
    """``"yes"`` if a test holds on success alone, ``"no"`` if it holds on all but success, else empty."""
    match test:
        case ast.UnaryOp(ast.Not(), operand):
            return {"yes": "no", "no": "yes"}.get(_tells_success(operand), "")
        case ast.Compare(left, [operator], [right]):
            for value, other in ((left, right), (right, left)):
                if _is_success(value, other):
                    if isinstance(operator, ast.Eq | ast.In | ast.GtE):
                        return "yes"
                    if isinstance(operator, ast.NotEq | ast.NotIn | ast.Lt):
                        return "no"
    return ""


def _is_success(value: ast.expr, other: ast.expr) -> bool:
    match value:
        case ast.Constant("success"):
            return True
        case ast.Tuple([ast.Constant("success")]) | ast.List([ast.Constant("success")]):
            return True
        case ast.Constant(100 | "100"):
            return any("percent" in name for node in ast.walk(other) for name in _names(node))
    return False


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(name) | ast.Attribute(attr=name) | ast.Constant(str(name)):
            yield name.lower()


def _is_harmless(nodes: Iterable[ast.AST], asked: set[ast.AST], helpers: set[str]) -> bool:
    """Whether none of these can end a loop because a job has failed."""
    for node in nodes:
        match node:
            case ast.Raise() | ast.Assert() | ast.Yield() | ast.YieldFrom() | ast.Match():
                return False
            case ast.Constant(str(text)) if text.lower() in _FAILURES:
                return False
            case ast.Call() if node not in asked and called_name(node) not in _HARMLESS | helpers:
                return False
    return True
