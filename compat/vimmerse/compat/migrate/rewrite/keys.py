"""The API key: v1 tells the status of a media without one, v2 does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import libcst as cst
from libcst import matchers
from vimmerse.compat.migrate.rewrite.plan import Plan, PlannedCall
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.sharing import is_nothing
from vimmerse.compat.migrate.rewrite.syntax import comma, index_of, keyword_argument, quoted
from vimmerse.compat.migrate.rewrite.values import Dict, DictObject, ExternalInstance, HttpCall, only

KEY_HEADER = "X-Api-Key"

#: What may give a client or ``Request`` a key, as an argument or an attribute.
_GIVING = ("headers", "auth", "transport", "event_hooks", "hooks", "add_header", "add_unredirected_header")
_GIVEN_LATER = matchers.Attribute(attr=matchers.OneOf(*map(matchers.Name, _GIVING)))


def add_keys(plan: Plan) -> None:
    """Send the program's key with the calls for a status that have none, or ask for one where that is not known."""
    by_node: dict[cst.Call, list[PlannedCall]] = {}
    for v1 in plan.calls.values():
        if v1.operation.response_kind == "status" and v1.state != "left":
            by_node.setdefault(v1.call.node, []).append(v1)
    for node, calls in by_node.items():
        without = [v1 for v1 in calls if not _may_have_key(plan, v1.call)]
        if without and not (without == calls and _add_key(plan, node, calls[0].call)):
            for v1 in without:
                v1.state = "needs review"
                text = f"v1 tells the status without a key, v2 does not: send {KEY_HEADER} here."
                v1.reasons = [*(v1.reasons or []), (text, "key")]


def _may_have_key(plan: Plan, call: HttpCall) -> bool:
    """Return whether a call has a key, or may have one that can't be seen."""
    if call.is_open or "auth" in call.arguments:
        return True
    headers = call.arguments.get("headers")
    if headers is not None and not is_nothing(headers):
        known = [value.object for value in headers.values if isinstance(value, Dict) and not value.object.is_open]
        if len(known) < len(headers.values) or any(map(_has_key, known)):
            return True
    if not isinstance(call.client, ExternalInstance):
        return False
    if not isinstance(call.client.node, cst.Call) or any(call.client.argument(name) for name in _GIVING):
        return True
    return any(matchers.findall(module.tree, _GIVEN_LATER) for module in plan.analysis.program.modules.values())


def _has_key(made: DictObject) -> bool:
    return any(entry.key is None or entry.key.lower() == KEY_HEADER.lower() for entry in made.entries)


def _add_key(plan: Plan, node: cst.Call, call: HttpCall) -> bool:
    """Add the headers of other calls, or the program's key, to a call. Return whether one is known there."""
    module = plan.analysis.program.modules[call.path]
    if call.library == "urllib" or any(argument.star == "**" for argument in node.args):
        return False
    given = call.arguments.get("headers")
    if given is None:
        if (headers := _headers_of_others(plan, module, node)) is not None:
            _add_argument(plan, node, headers)
            return True
    elif not (isinstance(given.node, cst.Arg) and isinstance(given.value, cst.Dict) and given.value.elements):
        return False
    if (key := module_key(module)) is None or not _means_the_same(module, key, node):
        return False
    entry = cst.DictElement(quoted(KEY_HEADER, plan.quote_of(node)), key.deep_clone())
    if given is None:
        _add_argument(plan, node, cst.Dict([entry]))
    else:
        assert given.value is not None
        plan.edits_of(node).change(given.value, lambda old: _with_element(old, entry))
    return True


def _add_argument(plan: Plan, node: cst.Call, headers: cst.BaseExpression) -> None:
    plan.edits_of(node).change(node, lambda old: _with_argument(old, keyword_argument("headers", headers)))


def _with_argument(old: cst.Call, new: cst.Arg) -> cst.Call:
    *others, last = old.args
    return old.with_changes(args=[*others, last.with_changes(comma=comma()), new.with_changes(comma=last.comma)])


def _with_element(old: cst.Dict, new: cst.DictElement) -> cst.Dict:
    *others, last = old.elements
    return old.with_changes(elements=[*others, last.with_changes(comma=comma()), new.with_changes(comma=last.comma)])


def _headers_of_others(plan: Plan, module: Module, node: cst.Call) -> cst.BaseExpression | None:
    """Return an expression that the module's other v1 calls have as headers, and that means the same in this call."""
    for other in plan.calls:
        headers = other.arguments.get("headers")
        if other.path != module.path or headers is None or headers.node not in other.node.args:
            continue
        value, made = headers.value, only(headers.values)
        if isinstance(made, Dict) and not _has_key(made.object):
            continue
        if isinstance(value, cst.Dict):
            elements = [each for each in value.elements if isinstance(each, cst.DictElement) and is_key(each.key)]
            value = cst.Dict([elements[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)]) if elements else None
        if value is not None and _means_the_same(module, value, node, origin=other.node):
            return value.deep_clone()
    return None


# Names


def _means_the_same(
    module: Module, expression: cst.BaseExpression, at: cst.Call, origin: cst.Call | None = None
) -> bool:
    """Return whether the names of an expression mean the same in a call: those of the module, or of its function.

    Args:
        origin: The call that the expression is taken from.
    """
    used = _names_in(expression)
    function = module.function_around(at)
    if origin is not None and module.line(origin) < module.line(at) and module.function_around(origin) is function:
        is_before = module.parent(module.statement(origin)) in list(module.ancestors(at))
        if is_before:
            return True
    if "self" in used:
        cls = _class_of(module, function)
        if origin is None or cls is None or cls is not _class_of(module, module.function_around(origin)):
            return False
    bound = dict(_top_level_names(module))
    local = {"self"} | (_names_bound_in(function) if function is not None else set())
    line = module.line(at) if function is None else None
    return all(
        name == "self" or (name in bound and name not in local and (line is None or bound[name] < line))
        for name in used
    )


def _names_in(expression: cst.CSTNode) -> set[str]:
    """Return the names that an expression reads."""
    attributes = matchers.findall(expression, matchers.Attribute())
    keywords = matchers.findall(expression, matchers.Arg(keyword=matchers.Name()))
    others = {each.attr for each in attributes if isinstance(each, cst.Attribute)}
    others |= {each.keyword for each in keywords if isinstance(each, cst.Arg) and each.keyword is not None}
    names = matchers.findall(expression, matchers.Name())
    return {each.value for each in names if isinstance(each, cst.Name) and each not in others}


def _class_of(module: Module, function: cst.CSTNode | None) -> cst.CSTNode | None:
    """Return the class of which a function is a method with ``self``, or None."""
    block = module.parent(function) if isinstance(function, cst.FunctionDef) else None
    parameters = function.params.params if isinstance(function, cst.FunctionDef) else ()
    cls = module.parent(block) if block is not None and parameters and parameters[0].name.value == "self" else None
    return cls if isinstance(cls, cst.ClassDef) else None


def _names_bound_in(function: cst.CSTNode) -> set[str]:
    """Return the names that a function or lambda may bind: any that it assigns, and its parameters."""
    targets = matchers.findall(
        function,
        matchers.Param() | matchers.AssignTarget() | matchers.AnnAssign() | matchers.AsName() | matchers.NamedExpr()
        | matchers.For() | matchers.CompFor() | matchers.ImportAlias(),
    )  # fmt: skip
    bound: set[str] = set()
    for each in targets:
        found: Any = each
        if isinstance(each, cst.ImportAlias):
            bound.add(each.evaluated_alias or each.evaluated_name.partition(".")[0])
        else:
            target = found.name if isinstance(each, cst.Param | cst.AsName) else found.target
            bound |= {name.value for name in matchers.findall(target, matchers.Name()) if isinstance(name, cst.Name)}
    return bound


def module_key(module: Module) -> cst.BaseExpression | None:
    """Return the expression of the key if the module names one, of names that the module itself binds."""
    found: dict[str, cst.BaseExpression] = {}
    for element in matchers.findall(module.tree, matchers.DictElement() | matchers.Assign()):
        value: Any = None
        if isinstance(element, cst.DictElement) and is_key(element.key):
            value = element.value
        elif isinstance(element, cst.Assign) and isinstance(element.targets[0].target, cst.Subscript):
            index = index_of(element.targets[0].target)
            value = element.value if index is not None and is_key(index) else None
        if value is not None:
            found[module.code(value)] = value
    if len(found) != 1:
        return None
    ((_, key),) = found.items()
    bound = {name for name, _ in _top_level_names(module)}
    return key if _names_in(key) <= bound else None


def is_key(node: cst.BaseExpression) -> bool:
    """Return whether an expression is the name of the key's header."""
    return isinstance(node, cst.SimpleString) and str(node.evaluated_value).lower() == KEY_HEADER.lower()


def _top_level_names(module: Module) -> Iterator[tuple[str, int]]:
    """Yield the names that the statements of a module bind, with the lines, the first one last."""
    for statement in reversed(module.tree.body):
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            yield statement.name.value, module.line(statement)
        elif isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                for name in _bound_by(small):
                    yield name, module.line(statement)


def _bound_by(statement: cst.BaseSmallStatement) -> Iterator[str]:
    if isinstance(statement, cst.Assign):
        for target in statement.targets:
            if isinstance(target.target, cst.Name):
                yield target.target.value
    elif isinstance(statement, cst.AnnAssign) and statement.value is not None:
        if isinstance(statement.target, cst.Name):
            yield statement.target.value
    elif isinstance(statement, cst.Import | cst.ImportFrom) and not isinstance(statement.names, cst.ImportStar):
        for alias in statement.names:
            yield alias.evaluated_alias or alias.evaluated_name.partition(".")[0]
