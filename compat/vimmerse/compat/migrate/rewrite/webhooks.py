"""Webhook receivers that read v1's payload: they read the event of ``parse_webhook``, which knows every format."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from functools import partial

import libcst as cst
from libcst import matchers
from vimmerse.compat.migrate.check.receivers import is_body, is_dict, receivers_of_python
from vimmerse.compat.migrate.rewrite.edits import Edits
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.syntax import index_of, parenthesized

_IDS = ("batch_id", "media_id")
_READ = (*_IDS, "customer_id", "status")
_FAILURES = ("fail", "cancel")


def rewrite_webhooks(plan: Plan) -> None:
    """Change the receivers of a program's webhooks."""
    for path, module in plan.analysis.program.modules.items():
        source = module.source
        if not any(name in source for name in _IDS):
            continue
        lines = {function.lineno for function in receivers_of_python(ast.parse(source))}
        functions = matchers.findall(module.tree, matchers.FunctionDef()) if lines else []
        for function in functions:
            assert isinstance(function, cst.FunctionDef)
            if module.line(function.name) in lines:
                _Receiver(plan, path, module, function).rewrite()


class _Receiver:
    """A function that reads a webhook's body, or the dict that a framework made of it."""

    def __init__(self, plan: Plan, path: str, module: Module, function: cst.FunctionDef) -> None:
        self._plan, self._path, self._module, self._function = plan, path, module, function
        self._edits: Edits = plan.edits[path]
        self._names: dict[str, cst.CSTNode] = {}  # the variables that hold the body, by where they are bound
        self._reads: list[tuple[cst.BaseExpression, cst.BaseExpression, str]] = []  # expression, body, key

    def rewrite(self) -> None:
        self._find_names()
        self._find_reads()
        others = list(self._other_uses())
        keys = {key for _, _, key in self._reads}
        if (
            others
            or not keys <= set(_READ)
            or any(self._needs_v1_words(node) for node, _, key in self._reads if key == "status")
        ):
            text = (
                "It uses the payload as a whole: v1_payload gives it in v1's format. Read the event of parse_webhook "
                "instead where you can."
            )
            self._parse("v1_payload")
            self._plan.note(self._path, self._function, "webhook", "", "needs review", text, "webhook")
            return
        self._parse("parse_webhook")
        for node, _, key in self._reads:
            self._change_read(node, key, keys)
        text = "The receiver reads the event of parse_webhook, which knows the payloads of both versions."
        self._plan.note(self._path, self._function, "webhook", "", "rewritten", text, "webhook")

    def _find_names(self) -> None:
        for parameter in self._function.params.params:
            annotation = parameter.annotation
            if annotation is not None and is_dict(self._ast(annotation.annotation)):
                self._names[parameter.name.value] = self._function
        raw: set[str] = set()
        for assignment in matchers.findall(self._function, matchers.Assign() | matchers.AnnAssign()):
            assert isinstance(assignment, cst.Assign | cst.AnnAssign)
            target = assignment.targets[0].target if isinstance(assignment, cst.Assign) else assignment.target
            value = assignment.value
            if isinstance(target, cst.Name) and value is not None and is_body(self._ast(value), raw):
                if _is_bytes(value):
                    raw.add(target.value)
                else:
                    self._names[target.value] = assignment

    def _ast(self, node: cst.BaseExpression) -> ast.expr:
        return ast.parse(f"({textwrap.dedent(self._module.code(node))})", mode="eval").body

    def _is_read(self, owner: cst.BaseExpression) -> bool:
        if isinstance(owner, cst.Name):
            return owner.value in self._names
        return isinstance(owner, cst.Call | cst.Attribute | cst.Await) and is_body(self._ast(owner))

    def _find_reads(self) -> None:
        for node in matchers.findall(self._function.body, matchers.Subscript() | matchers.Call(matchers.Attribute())):
            if isinstance(node, cst.Subscript):
                owner, key = node.value, index_of(node)
            else:
                assert isinstance(node, cst.Call)
                assert isinstance(node.func, cst.Attribute)
                owner = node.func.value
                key = node.args[0].value if node.func.attr.value == "get" and node.args else None
            if isinstance(key, cst.SimpleString) and isinstance(key.evaluated_value, str) and self._is_read(owner):
                assert isinstance(node, cst.BaseExpression)
                self._reads.append((node, owner, key.evaluated_value))

    def _other_uses(self) -> Iterator[cst.Name]:
        """Yield the uses of a body that are no reads of a key."""
        owners = {owner for _, owner, _ in self._reads}
        for name in matchers.findall(self._function.body, matchers.Name()):
            assert isinstance(name, cst.Name)
            parent = self._module.parent(name)
            is_target = isinstance(parent, cst.AssignTarget) or (
                isinstance(parent, cst.AnnAssign) and parent.target is name
            )
            is_attribute = isinstance(parent, cst.Attribute) and parent.attr is name
            is_keyword = isinstance(parent, cst.Arg) and parent.keyword is name
            if name.value in self._names and name not in owners and not (is_target or is_attribute or is_keyword):
                yield name

    def _needs_v1_words(self, node: cst.BaseExpression) -> bool:
        """Return whether more is done with a status than to show it, or to compare it with words of one meaning."""
        parent = self._module.parent(node)
        if not isinstance(parent, cst.Comparison) or parent.left is not node or len(parent.comparisons) != 1:
            return not isinstance(parent, cst.Arg | cst.FormattedStringExpression)
        words = _words(parent.comparisons[0].comparator)
        return not words or len({word in _FAILURES for word in words}) != 1

    def _parse(self, function: str) -> None:
        """Pass the body to a function of ``vimmerse.jobs`` where the program gets it."""
        self._edits.add_import("vimmerse.jobs", function)

        def call(node: cst.BaseExpression) -> cst.Call:
            return cst.Call(cst.Name(function), [cst.Arg(node)])

        for name, bound in self._names.items():
            if bound is self._function:
                statement = cst.parse_statement(f"{name} = {function}({name})")
                self._edits.change(self._function.body, partial(_with_first, statement=statement))
            else:
                value = bound.value if isinstance(bound, cst.Assign | cst.AnnAssign) else None
                assert value is not None
                self._edits.change(value, call)
        for owner in dict.fromkeys(owner for _, owner, _ in self._reads):
            if not isinstance(owner, cst.Name):
                self._edits.change(owner, call)

    def _change_read(self, node: cst.BaseExpression, key: str, keys: set[str]) -> None:
        """Read an attribute of the event."""
        attribute = "id" if key in _IDS else key
        parent = self._module.parent(node)
        both = set(_IDS) <= keys
        if both and isinstance(parent, cst.BooleanOperation) and isinstance(parent.operator, cst.Or):
            if parent.left is node:
                self._edits.change(parent, lambda old: old.left)
        elif both and key in _IDS:
            operator = "==" if key == "media_id" else "!="
            self._edits.change(node, lambda old: _id_of(_attribute(old, "kind"), _attribute(old, "id"), operator))
            return
        if key == "status" and isinstance(parent, cst.Comparison) and self._compares_failure(parent, node):
            return
        self._edits.change(node, lambda old: _attribute(old, attribute))

    def _compares_failure(self, comparison: cst.Comparison, node: cst.BaseExpression) -> bool:
        """Change ``status == "fail"`` to ``event.failed``; return whether that is done."""
        target = comparison.comparisons[0]
        if not set(_words(target.comparator)) <= set(_FAILURES):
            return False

        def change(old: cst.Comparison) -> cst.BaseExpression:
            failed = _attribute(old.left, "failed")
            if isinstance(target.operator, cst.Equal | cst.In):
                return failed
            return cst.UnaryOperation(cst.Not(), failed, lpar=old.lpar, rpar=old.rpar)

        self._edits.change(comparison, change)
        return True


def _words(node: cst.BaseExpression) -> list[str | bytes]:
    """Return the words that a status is compared with; nothing if they are not all known."""
    nodes = [each.value for each in node.elements] if isinstance(node, cst.Tuple | cst.List | cst.Set) else [node]
    words = [each.evaluated_value for each in nodes if isinstance(each, cst.SimpleString)]
    return words if len(words) == len(nodes) else []


def _is_bytes(node: cst.BaseExpression) -> bool:
    """Return whether an expression reads the bytes of a body: ``self.rfile.read(…)``, ``await request.body()``."""
    if isinstance(node, cst.Await):
        node = node.expression
    called = node.func if isinstance(node, cst.Call) else node
    return isinstance(called, cst.Attribute) and called.attr.value in ("read", "body", "get_data", "data")


def _attribute(read: cst.BaseExpression, name: str) -> cst.Attribute:
    """Return ``event.name`` for ``event["key"]`` or ``event.get("key")``."""
    if isinstance(read, cst.Subscript):
        return cst.Attribute(read.value, cst.Name(name))
    assert isinstance(read, cst.Call)
    assert isinstance(read.func, cst.Attribute)
    return cst.Attribute(read.func.value, cst.Name(name))


def _id_of(kind: cst.BaseExpression, id: cst.BaseExpression, operator: str) -> cst.BaseExpression:
    compare: cst.BaseCompOp = cst.Equal() if operator == "==" else cst.NotEqual()
    test = cst.Comparison(kind, [cst.ComparisonTarget(compare, cst.SimpleString('"media"'))])
    return parenthesized(cst.IfExp(test, id, cst.Name("None")))


def _with_first(body: cst.BaseSuite, statement: cst.BaseStatement) -> cst.BaseSuite:
    """Return a function's body with a first statement, below its docstring."""
    assert isinstance(body, cst.IndentedBlock)
    first = body.body[0]
    is_docstring = matchers.matches(first, matchers.SimpleStatementLine([matchers.Expr(matchers.SimpleString())]))
    position = 1 if is_docstring else 0
    return body.with_changes(body=[*body.body[:position], statement, *body.body[position:]])
