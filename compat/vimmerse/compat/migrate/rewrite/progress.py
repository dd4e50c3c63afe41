"""``progress_percentage`` of a media, which v2 has not: a function computes it from the status, as v1 showed it."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.parts import Parts
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.syntax import renamed
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, PROGRESS, UNKNOWN_PROGRESS

_NAME = "media_progress"
_STATUS = OBJECTS["media"].source("progress_percentage")
_NUMBERS = ("int", "round")


def _definition(name: str, quote: str) -> str:
    """Return the function's source. Statuses that are at the progress of an unknown one are left out."""
    known = {v2: PROGRESS[v1] for v2, v1 in MEDIA_STATUS.items() if PROGRESS[v1] != UNKNOWN_PROGRESS}
    entries = ", ".join(f"{quote}{word}{quote}: {percentage}" for word, percentage in known.items())
    return (
        f"def {name}(status):\n"
        '    """The progress in percent: v2 has the status alone. A media that has ended is at 100, failed or not."""\n'
        f"    percentages = {{{entries}}}\n"
        f"    return percentages.get(status, {UNKNOWN_PROGRESS})\n"
    )


def progress_of(plan: Plan, node: cst.Subscript | cst.Call, parts: Parts, quote: str) -> None:
    """Change ``part["progress_percentage"]`` to ``media_progress(part["processing_status"])``."""
    edits = plan.edits_of(node)
    name = _free_name(plan, node)
    edits.define(name, _definition(name, plan.quote_of(node)))

    def computed(updated: Any) -> cst.BaseExpression:
        status: cst.BaseExpression
        if isinstance(updated, cst.Subscript):
            index = updated.slice[0].slice
            assert isinstance(index, cst.Index)
            element = updated.slice[0].with_changes(slice=cst.Index(renamed(index.value, _STATUS, quote)))
            status = updated.with_changes(slice=[element], lpar=(), rpar=())
        else:
            key = cst.Arg(renamed(updated.args[0].value, _STATUS, quote))
            get = updated.func.with_changes(attr=cst.Name("get"))
            status = updated.with_changes(func=get, args=[key], lpar=(), rpar=())
        return cst.Call(cst.Name(name), [cst.Arg(status)])

    edits.change(node, computed)
    parent = plan.parent(node)
    outer = plan.parent(parent) if parent is not None else None
    is_text = all(v1.operation.response_kind == "status" for v1, _ in parts.shapes)
    match parent, outer:
        case cst.Arg(), cst.Call(func=cst.Name(value=function)) if function in _NUMBERS and len(outer.args) == 1:
            edits.change(outer, lambda updated: updated.args[0].value)
        case cst.Arg(), cst.Call(func=cst.Name(value="print" | "str" | "float")):
            pass
        case cst.FormattedStringExpression(), _:
            pass
        case cst.Comparison(comparisons=[cst.ComparisonTarget(comparator=cst.SimpleString() as text)]), _:
            if is_text and str(text.evaluated_value).isdecimal():
                edits.change(text, lambda updated: cst.Integer(str(int(str(text.evaluated_value)))))
        case _ if is_text:
            edits.change(node, lambda updated: cst.Call(cst.Name("str"), [cst.Arg(updated)]))


def _free_name(plan: Plan, node: cst.CSTNode) -> str:
    module = plan.analysis.program.modules[plan.path_of(node)]
    return f"{_NAME}_of" if re.search(rf"\b{_NAME}\b", module.source) else _NAME
