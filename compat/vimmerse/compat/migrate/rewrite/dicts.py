"""Make the changes of a dict where its entries are written."""

from __future__ import annotations

from typing import Any

import libcst as cst
from vimmerse.compat.migrate.rewrite.code import Upload, Writer
from vimmerse.compat.migrate.rewrite.edits import Edits
from vimmerse.compat.migrate.rewrite.groups import Group, Payload
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.symbols import Symbol
from vimmerse.compat.migrate.rewrite.syntax import comma_between, keyword_argument, parenthesized, subscript
from vimmerse.compat.migrate.rewrite.values import Entry


def change_payload(plan: Plan, payload: Payload) -> None:
    """Add the changes of a dict to those of its modules. Groups that another payload shares are changed once."""
    made = payload.object
    if made is None:
        return
    if made.pairs:
        if plan.first_time(made.node):
            writer = writer_of(payload, plan.edits_of(made.node), plan.quote_of(made.node))
            plan.edits_of(made.node).change(made.node, lambda old: _as_dict(payload, writer))
        return
    for group in payload.groups:
        if plan.first_time((group.node, group.conditional)):
            edits = plan.edits_of(group.node)
            _change_group(
                group, payload, edits, writer_of(payload, edits, _quote_of(group) or plan.quote_of(group.node))
            )


def _as_dict(payload: Payload, writer: Writer) -> cst.Dict:
    """Return the dict that takes the place of a list of pairs."""
    elements = [
        _element(None, None, path, value, payload, writer, None) for path, value in payload.translated.body.items()
    ]
    return cst.Dict(elements)


def writer_of(payload: Payload, edits: Edits, quote: str, upload: Upload | None = None) -> Writer:
    """Return what writes the values of a body."""
    translated = payload.translated
    return Writer(payload.structure, translated.origins, edits.updated, translated.conversions, quote, upload)


def _quote_of(group: Group) -> str:
    """Return the quotes around the keys of a group; empty if there are none."""
    for entry in group.entries:
        match entry.node:
            case cst.DictElement(key=cst.SimpleString() as key) if len(key.quote) == 1:
                return key.quote
            case cst.Assign(
                targets=[
                    cst.AssignTarget(
                        target=cst.Subscript(
                            slice=[cst.SubscriptElement(slice=cst.Index(value=cst.SimpleString() as key))]
                        )
                    )
                ]
            ) if len(key.quote) == 1:
                return key.quote
    return ""


def _change_group(group: Group, payload: Payload, edits: Edits, writer: Writer) -> None:
    if group.is_step:
        _change_step(group, edits, writer)
    elif isinstance(group.node, cst.Dict):
        edits.change(group.node, lambda old: _new_elements(old, group, payload, writer))
    elif isinstance(group.node, cst.Call):
        if _is_copy(group.node):
            if group.changed:
                edits.change(group.node, lambda old: _with_more(old, group, writer))
        else:
            edits.change(group.node, lambda old: _new_arguments(old, group, payload, writer))


def _is_copy(node: cst.Call) -> bool:
    """Return whether a call copies a dict, and takes no fields."""
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return isinstance(name, cst.Name) and name.value in ("copy", "deepcopy")


def _with_more(old: cst.Call, group: Group, writer: Writer) -> cst.Dict:
    """Return ``{**base.copy(), "key": value}``."""
    new = writer.new_dict(group.changed)
    separator = comma_between(new.elements)
    return new.with_changes(elements=[cst.StarredDictElement(old, comma=separator), *new.elements])


def _change_step(group: Group, edits: Edits, writer: Writer) -> None:
    """Change ``payload["key"] = value``."""
    node = group.node
    assert isinstance(node, cst.Assign | cst.AnnAssign)
    if not group.changed:
        edits.change(node, lambda old: cst.Pass())
        return
    ((path, value),) = group.changed.items()
    entry = group.entries[0]
    target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
    assert isinstance(target, cst.Subscript)

    def new_target(old: cst.Subscript) -> cst.Subscript:
        keys = path.split(".")
        # A name that stays keeps its quotes, or its constant.
        new = old if entry.key == keys[0] else _with_key(old, writer.text(keys[0]))
        for key in keys[1:]:
            new = subscript(new, cst.SimpleString(writer.text(key)))
        return new

    edits.change(target, new_target)
    assert entry.value is not None, "steps with several targets are left"
    _change_value(entry.value, path, value, edits, writer)


def _change_value(node: cst.BaseExpression, path: str, value: Any, edits: Edits, writer: Writer) -> None:
    if writer.is_source(node, path, value):
        return
    # What the new expression takes from the old one is looked up in the original tree, with its own changes.
    edits.replace_lazily(node, lambda: writer.expression(path, value))


def _with_key(old: cst.Subscript, text: str) -> cst.Subscript:
    index = cst.SubscriptElement(cst.Index(cst.SimpleString(text)))
    return old.with_changes(slice=[index])


def _new_elements(old: cst.Dict, group: Group, payload: Payload, writer: Writer) -> cst.Dict:
    """Return a dict literal with new elements: each field stands where the one stood that it comes from."""
    original = group.node
    assert isinstance(original, cst.Dict)
    by_node: dict[cst.CSTNode, list[Entry]] = {}
    for entry in group.entries:
        by_node.setdefault(entry.node, []).append(entry)
    elements: list[cst.BaseDictElement] = []
    placed: set[str] = set()
    indent = line_indent(original.lbrace.whitespace_after)
    for before, element in zip(original.elements, old.elements, strict=True):
        entries = by_node.get(before)
        if entries is None:
            elements.append(element)
            continue
        for path in [path for entry in entries for path in group.by_entry[entry]]:
            placed.add(path)
            elements.append(_element(element, before, path, group.changed[path], payload, writer, indent))
    template = old.elements[-1] if old.elements else None
    for path, value in group.changed.items():
        if path not in placed:
            elements.append(_element(template, None, path, value, payload, writer, indent))
    return old.with_changes(elements=_with_commas(elements, old))


def _element(
    old: cst.BaseDictElement | None,
    original: cst.BaseDictElement | None,
    path: str,
    value: Any,
    payload: Payload,
    writer: Writer,
    indent: int | None,
) -> cst.BaseDictElement:
    comma = old.comma if old is not None else cst.MaybeSentinel.DEFAULT
    if (symbol := payload.optional.get(path)) is not None:
        return cst.StarredDictElement(_optional(path, value, symbol, writer), comma=comma)
    if isinstance(old, cst.DictElement) and isinstance(original, cst.DictElement):
        # The value keeps what was changed inside it, and its line breaks.
        key = old.key if writer.is_key(original.key, path) else cst.SimpleString(writer.text(path))
        item = old.value if writer.is_source(original.value, path, value) else writer.expression(path, value, indent)
        return old.with_changes(key=key, value=item)
    new = writer.expression(path, value, indent)
    return cst.DictElement(cst.SimpleString(writer.text(path)), new, comma=comma)


def _optional(path: str, value: Any, symbol: Symbol, writer: Writer) -> cst.IfExp:
    """Return a dict that has a field where it is set, and is empty where v1 leaves it out."""
    inner = writer.new_dict({path: value})
    return parenthesized(cst.IfExp(body=inner, test=writer.optional_test(symbol), orelse=cst.Dict([])))


def line_indent(whitespace: cst.BaseParenthesizableWhitespace) -> int | None:
    """Return where the line after some whitespace begins, below the statement's indentation; None on one line."""
    if isinstance(whitespace, cst.ParenthesizedWhitespace):
        return len(whitespace.last_line.value.expandtabs())
    return None


def _with_commas(elements: list[cst.BaseDictElement], old: cst.Dict) -> list[cst.BaseDictElement]:
    """Return elements with the commas of the old ones: the last one's at the end, another's between them."""
    if not elements:
        return []
    last = old.elements[-1].comma if old.elements else cst.MaybeSentinel.DEFAULT
    between = comma_between(old.elements)
    middle = [
        element
        if isinstance(element.comma, cst.Comma) and element.comma is not last
        else element.with_changes(comma=between)
        for element in elements[:-1]
    ]
    return [*middle, elements[-1].with_changes(comma=last)]


def _new_arguments(old: cst.Call, group: Group, payload: Payload, writer: Writer) -> cst.Call:
    """Return ``dict(…)``, ``update(…)`` or a call with keywords that become a dict, with new keywords."""
    original = group.node
    assert isinstance(original, cst.Call)
    by_node = {entry.node: entry for entry in group.entries}
    arguments: list[cst.Arg] = []
    placed: set[str] = set()
    for before, argument in zip(original.args, old.args, strict=True):
        entry = by_node.get(before)
        if entry is None:
            arguments.append(argument)
            continue
        for path in group.by_entry[entry]:
            placed.add(path)
            value = group.changed[path]
            if (symbol := payload.optional.get(path)) is not None:
                arguments.append(cst.Arg(_optional(path, value, symbol, writer), star="**", comma=argument.comma))
                continue
            same = writer.is_source(before.value, path, value)
            new = argument.value if same else writer.expression(path, value)
            arguments.append(argument.with_changes(keyword=cst.Name(path), value=new))
    for path, value in group.changed.items():
        if path not in placed:
            arguments.append(keyword_argument(path, writer.expression(path, value)))
    last = old.args[-1].comma if old.args else cst.MaybeSentinel.DEFAULT
    between = comma_between(old.args)
    middle = [argument.with_changes(comma=between) for argument in arguments[:-1]]
    return old.with_changes(args=[*middle, *(argument.with_changes(comma=last) for argument in arguments[-1:])])
