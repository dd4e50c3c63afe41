"""Variables that a program no longer needs, because what they held is written where it is used now."""

from __future__ import annotations

from collections import Counter

import libcst as cst
from vimmerse.compat.migrate.rewrite.edits import Edits
from vimmerse.compat.migrate.rewrite.program import Module


def remove_variable(node: cst.BaseExpression | None, module: Module, edits: Edits) -> None:
    """Remove the assignment of a variable of which ``node``, the only use, is replaced.

    Only a dict, list or tuple of a function or script is removed, and only if the name occurs nowhere else.
    """
    if not isinstance(node, cst.Name):
        return
    names = _Names()
    module.tree.visit(names)
    assignments = [statement for name, statement in names.assignments if name == node.value]
    if names.count[node.value] != 2 or len(assignments) != 1:
        return
    line = module.parent(assignments[0])
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
        edits.change(line, lambda old: cst.RemoveFromParent())


class _Names(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()
        self.assignments: list[tuple[str, cst.Assign]] = []

    def visit_Name(self, node: cst.Name) -> None:
        self.count[node.value] += 1

    def visit_Arg(self, node: cst.Arg) -> None:
        if node.keyword is not None:
            self.count[node.keyword.value] -= 1

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self.count[node.attr.value] -= 1

    def visit_Assign(self, node: cst.Assign) -> None:
        target = node.targets[0].target
        if isinstance(target, cst.Name) and isinstance(node.value, cst.Dict | cst.List | cst.Tuple):
            self.assignments.append((target.value, node))
