"""Loops that wait for a job's success alone: an exit for jobs that fail or are cancelled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import libcst as cst
from libcst import matchers
from vimmerse.compat.migrate.check.polling import endless_polls
from vimmerse.compat.migrate.rewrite.parts import is_pure, parts_of, quote_at
from vimmerse.compat.migrate.rewrite.places import State
from vimmerse.compat.migrate.rewrite.plan import Plan, PlannedCall
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.shapes import Shape
from vimmerse.compat.migrate.rewrite.status_words import words_tuple
from vimmerse.compat.migrate.rewrite.syntax import parenthesized, quoted

_FAILURES = ("fail", "cancel")
_EXIT = re.compile(r"^\s*sys\.exit\(", re.MULTILINE)
_STATUS_NAME = re.compile(r"(?<![\"'.\w])status(?![\"'\w])")
_RULE = "polling"


class _Status(NamedTuple):
    """The expression of a status that a test compares, and what it is."""

    node: cst.BaseExpression
    v1: PlannedCall
    shape: Shape

    @property
    def failures(self) -> tuple[str, ...]:
        assert self.shape.row is not None
        return tuple(v2 for v2, v1 in self.shape.row.words.items() if v1 in _FAILURES)

    @property
    def job(self) -> str:
        return "story" if self.v1.operation.response_kind == "story" else "media"


def rewrite_polling(plan: Plan) -> None:
    """Add an exit to the loops that wait for success alone."""
    by_path: dict[str, list[cst.Call]] = {}
    for call, v1 in plan.calls.items():
        if plan.is_migrated(call) and v1.operation.method == "GET" and v1.operation.response_kind != "bytes":
            by_path.setdefault(call.path, []).append(call.node)
    for path, nodes in by_path.items():
        module = plan.analysis.program.modules[path]
        for loop in _endless_loops(module, nodes):
            _add_exit(plan, module, loop)


def _endless_loops(module: Module, polls: Iterable[cst.Call]) -> Iterator[cst.While]:
    try:
        tree = ast.parse(module.source)
    except (SyntaxError, ValueError):  # pragma: no cover  # of a newer Python, which LibCST reads
        return
    lines = module.source.splitlines()
    positions = {module.position(poll)[:2] for poll in polls}
    asked = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (node.lineno, _column(lines, node)) in positions
    ]
    endless = {node.lineno for node in endless_polls(tree, asked)}
    for loop in matchers.findall(module.tree, matchers.While()):
        if isinstance(loop, cst.While) and module.line(loop) in endless:
            yield loop


def _column(lines: Sequence[str], node: ast.expr) -> int:
    """Return the column in characters, from 1: ``ast`` counts bytes."""
    return len(lines[node.lineno - 1].encode()[: node.col_offset].decode()) + 1


def _add_exit(plan: Plan, module: Module, loop: cst.While) -> None:
    block = loop.body
    found = _status_in(plan, loop.test)
    if found is not None and isinstance(block, cst.IndentedBlock):
        name = _named(plan, module, found)
        first = block.body[0]
        plan.edits_of(loop).insert_before(first, partial(_exits, plan, module, found, name))
        _note(plan, loop, found, "rewritten")
        return
    for statement in block.body if isinstance(block, cst.IndentedBlock) else ():
        if not isinstance(statement, cst.If) or (found := _status_in(plan, statement.test)) is None:
            continue
        name = _named(plan, module, found)
        if name:
            plan.edits_of(loop).change(statement, partial(_followed, plan, module, found, name))
        else:
            plan.edits_of(loop).insert_before(statement, partial(_exits, plan, module, found, name))
        _note(plan, loop, found, "rewritten")
        return
    _ask(plan, loop)


def _status_in(plan: Plan, test: cst.BaseExpression) -> _Status | None:
    """Return the status of a migrated response that a test compares."""
    for comparison in matchers.findall(test, matchers.Comparison()):
        assert isinstance(comparison, cst.Comparison)
        for side in (comparison.left, *(target.comparator for target in comparison.comparisons)):
            parts = parts_of(plan, plan.analysis.of(side))
            for v1, shape in parts.shapes:
                if not parts.foreign and shape.row is not None and shape.row.words:
                    return _Status(side, v1, shape)
    return None


def _named(plan: Plan, module: Module, status: _Status) -> str:
    """Name a status that can't be asked twice by ``:=``, and return the name; else return nothing."""
    if is_pure(status.node):
        return ""
    name = "status" if not _STATUS_NAME.search(module.source) else "job_status"
    plan.edits_of(status.node).change(
        status.node,
        lambda updated: parenthesized(cst.NamedExpr(cst.Name(name), updated)),
    )
    return name


def _exits(plan: Plan, module: Module, status: _Status, name: str) -> list[cst.BaseStatement]:
    return [_exit(plan, module, status, name)]


def _followed(plan: Plan, module: Module, status: _Status, name: str, updated: cst.If) -> cst.FlattenSentinel[cst.If]:
    """Return a test of success with the exit below it."""
    return cst.FlattenSentinel([updated, _exit(plan, module, status, name)])


def _exit(plan: Plan, module: Module, status: _Status, name: str) -> cst.If:
    """Return ``if status in ("failed", …): raise RuntimeError(…)``, in the way in which the program ends elsewhere."""
    quote = quote_at(plan, status.node)
    edits = plan.edits_of(status.node)

    def value() -> cst.BaseExpression:
        new = cst.Name(name) if name else edits.updated(status.node).deep_clone()
        assert isinstance(new, cst.BaseExpression)
        return new

    text = quoted(f"The {status.job} has ended without a video: ", quote)
    message = cst.BinaryOperation(text, cst.Add(), value())
    code = module.source
    if _EXIT.search(code):
        ending: cst.BaseSmallStatement = cst.Expr(
            cst.parse_expression("sys.exit()").with_changes(args=[cst.Arg(message)])
        )
    else:
        error = "SystemExit" if "raise SystemExit" in code else "RuntimeError"
        ending = cst.Raise(cst.Call(cst.Name(error), [cst.Arg(message)]))
    words = words_tuple(status.failures, cst.Name("status"), quote)
    return cst.If(
        test=cst.Comparison(value(), [cst.ComparisonTarget(cst.In(), words)]),
        body=cst.IndentedBlock([cst.SimpleStatementLine([ending])]),
    )


def _ask(plan: Plan, loop: cst.While) -> None:
    """Note a loop that waits for a story's progress: that of a media is computed, and ends at 100."""
    for node in matchers.findall(loop, matchers.OneOf(matchers.Name(), matchers.Subscript(), matchers.Call())):
        for v1, shape in parts_of(plan, plan.analysis.of(node)).shapes:
            row = shape.row
            if row is not None and row.v1 == "progress_percentage" and v1.operation.response_kind == "story":
                text = "In v2 a story that has failed may never be at 100 percent: end the loop by its status, too."
                path = plan.path_of(loop)
                plan.note(path, loop, "polling", v1.operation.v1, "needs review", text, _RULE)
                return


def _note(plan: Plan, loop: cst.While, status: _Status, state: State) -> None:
    text = f"The loop ends when the {status.job} has failed or was cancelled; it waited for ever."
    plan.note(plan.path_of(loop), loop, "polling", status.v1.operation.v1, state, text, _RULE)
