"""Times in responses: v1 has a space between date and time, v2 a T."""

from __future__ import annotations

import libcst as cst
from vimmerse.compat.migrate.rewrite.parts import Parts, quote_at
from vimmerse.compat.migrate.rewrite.places import State
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.syntax import quoted, renamed

_TIMES = ("created_at", "updated_at")
_SPLITTING = ("split", "partition", "rsplit", "rpartition")
_RULE = "time"


def is_time(parts: Parts) -> bool:
    """Return whether a part of a response is a time."""
    return not parts.foreign and all(shape.row is not None and shape.row.v1 in _TIMES for _, shape in parts.shapes)


def change_time(plan: Plan, node: cst.CSTNode, parent: cst.CSTNode, parts: Parts) -> None:
    """Change what takes a time apart: ``strptime`` and ``split``."""
    call = plan.parent(parent)
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute | cst.Name):
        return
    quote = quote_at(plan, node)
    edits = plan.edits_of(call)
    name = call.func.attr.value if isinstance(call.func, cst.Attribute) else call.func.value
    first = call.args[0].value if call.args else None
    if isinstance(parent, cst.Attribute) and name in _SPLITTING and parent is call.func:
        if first is None:
            edits.change(call, lambda updated: updated.with_changes(args=[cst.Arg(quoted("T", quote))]))
        elif isinstance(first, cst.SimpleString) and first.evaluated_value == " ":
            edits.change(first, lambda updated: renamed(updated, "T", quote))
        else:
            return
        _note(plan, call, parts, "rewritten")
    elif isinstance(parent, cst.Arg) and name == "strptime" and parent is call.args[0] and len(call.args) == 2:
        layout = call.args[1].value
        text = layout.evaluated_value if isinstance(layout, cst.SimpleString) else None
        if isinstance(text, str) and text.count(" ") == 1:
            edits.change(layout, lambda updated: renamed(updated, text.replace(" ", "T"), quote))
            _note(plan, call, parts, "rewritten")
        else:
            _note(plan, call, parts, "needs review")


def _note(plan: Plan, call: cst.Call, parts: Parts, state: State) -> None:
    text = "A time has a T between date and time in v2."
    plan.note(plan.path_of(call), call, "response", parts.operation, state, text, _RULE)
