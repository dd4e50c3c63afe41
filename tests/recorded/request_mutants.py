"""Faults in the rules of requests and in the tables of values, planted where they are applied."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from itertools import groupby
from typing import Any
from unittest.mock import patch

from vimmerse.compat.flows import dispatch
from vimmerse.compat.flows import media as media_flows
from vimmerse.compat.rules import engine, kinds, presets
from vimmerse.compat.rules import media as media_rules
from vimmerse.compat.rules.conversions import as_is
from vimmerse.compat.rules.engine import Rule, Translation
from vimmerse.compat.rules.kinds import ValueTable

from tests.recorded.fields import FIELD_ROWS, OPERATIONS, VALUE_ROWS, FieldRow, Place
from tests.recorded.replaying import Json, Mutant


@contextmanager
def _with_rule(rule: Rule, wrong: Rule) -> Iterator[None]:
    """Apply ``wrong`` in the place of a rule."""
    original = engine.apply_rules

    def apply_rules(translation: Translation, rules: Any) -> None:
        if rules.get(rule.field) is rule:
            rules = {**rules, rule.field: wrong}
        original(translation, rules)

    with ExitStack() as stack:
        for module in (engine, media_rules, presets):
            stack.enter_context(patch.object(module, "apply_rules", apply_rules))
        yield


@contextmanager
def _translating(change: Callable[[Translation], object]) -> Iterator[None]:
    """Change each translation of a call before it is used."""
    original = engine.translate_body

    def translate_body(*arguments: Any) -> Translation:
        translation = original(*arguments)
        change(translation)
        return translation

    with patch.object(dispatch, "translate_body", translate_body):
        yield


def _leave_out(rule: Rule) -> Rule:
    def apply(translation: Translation, value: Any) -> None:
        translation.fields = translation.fields.without([rule.field])

    return rule._replace(apply=apply)


def _send_unchanged(rule: Rule) -> Rule:
    def apply(translation: Translation, value: Any) -> None:
        translation.fields = translation.fields.without([rule.field])
        translation.body[rule.field] = value

    return rule._replace(apply=apply)


def _rename(body: Json, path: list[str]) -> None:
    name, *rest = path
    if name not in body:
        return
    if not rest:
        body[f"{name}_2"] = body.pop(name)
        return
    for inner in body[name] if isinstance(body[name], list) else [body[name]]:
        if isinstance(inner, dict):
            _rename(inner, rest)


def _rename_target(rule: Rule) -> Callable[[Translation], None]:
    def change(translation: Translation) -> None:
        for body in (translation.body, translation.follow_up, *translation.motions):
            _rename(body, rule.to.split("."))

    return change


def _silence(dotted: str) -> Callable[[Translation], None]:
    def is_about(name: str) -> bool:
        return name == dotted or name.startswith(f"{dotted}.")

    def change(translation: Translation) -> None:
        translation.notices = [each for each in translation.notices if not is_about(each.field)]
        if is_about(translation.passthrough_field):
            translation.passthrough_reason = translation.passthrough_field = ""

    return change


def _wrong_settings(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """A rule with another argument of its constructor: the opposite of a switch, no conversion, no default."""
    given = inspect.getclosurevars(rule.apply).nonlocals
    wrong: dict[str, Any] = {}
    for name, value in given.items():
        if name == "convert" and value is not as_is:
            wrong[name] = as_is
        elif name in ("only_true", "keep_empty"):
            wrong[name] = not value
        elif name == "defaults" and value:
            wrong[name] = ()
        elif name == "when" and value is not None:
            wrong[name] = lambda each, when=value: not when(each)
    for name, value in wrong.items():
        assert isinstance(rule.apply, types.FunctionType)
        names = rule.apply.__code__.co_freevars
        cells = tuple(types.CellType(value if each == name else given[each]) for each in names)
        apply = types.FunctionType(rule.apply.__code__, rule.apply.__globals__, closure=cells)
        yield name, rule._replace(apply=apply)


def _is_ignored(rule: Rule) -> bool:
    """Whether the rule is to leave the field out, and to say nothing."""
    return "nothing is lost" in rule.note


def _is_noted(place: Place, path: str, rule: Rule) -> bool:
    """Whether what becomes of the field is reported under its name."""
    # Visibility and rating of a new media are set by a second call. Of scenes and data, the whole is reported.
    silent = rule.field in ("visibility_status", "rating") and rule.kind == "converted"
    whole = rule.field == "data" or path == "scenes"
    return not (silent or whole or _is_ignored(rule) or rule.kind == "same" or place.encoding == "query")


@contextmanager
def _without(module: object, name: str, result: object) -> Iterator[None]:
    with patch.object(module, name, lambda *arguments: result):
        yield


def _drop_from_scenes(rule: Rule, name: str) -> Callable[[Translation], None]:
    """Leave a field out of the scenes of step 3, or send it under ``name``: their rules are in the merging."""

    def change(translation: Translation) -> None:
        for scene in translation.body.get("storyboard", {}).get("scenes", []):
            value = scene.pop(rule.to.rpartition(".")[2], None)
            if name:
                scene[name] = value

    return change


def _elsewhere(path: str, rule: Rule) -> dict[str, Callable[[], AbstractContextManager[object]]]:
    """The same faults of the few fields that are read in another place than by a rule of their own."""
    if path == "scenes":
        return {
            "left out": lambda: _translating(_drop_from_scenes(rule, "")),
            "sent unchanged": lambda: _translating(_drop_from_scenes(rule, rule.field)),
        }
    if path.endswith("pose_preset") and rule.field == "Params":
        return {"left out": lambda: _without(presets, "read_params", ({}, []))}
    if rule.field == "fields":
        return {
            "left out": lambda: _without(media_flows, "requested_fields", []),
            "sent unchanged": lambda: patch.object(media_flows, "source_fields", lambda names: names),
        }
    return {}


def _of_rule(rows: list[FieldRow], shared: list[FieldRow]) -> Iterator[Mutant]:
    place, path, rule = rows[0].place, rows[0].path, rows[0].rule
    assert rule is not None
    dotted = f"{path}.{rule.field}" if path else rule.field
    cassettes = tuple((f"fields/{place.name}/{each.row.revision}", each.row) for each in (*rows, *shared))

    def mutant(about: str, plant: Callable[[], AbstractContextManager[object]]) -> Mutant:
        return Mutant("requests", f"{place.v1} {dotted}", about, cassettes, plant)

    wrong: list[tuple[str, Rule]] = [] if _is_ignored(rule) else [("left out", _leave_out(rule))]
    if rule.kind != "same":
        wrong.append(("sent unchanged", _send_unchanged(rule)))
    wrong += [(f"with another {name}", other) for name, other in _wrong_settings(rule)]
    if rule.kind == "dropped" and rule.paid and OPERATIONS[place.v1].paid == "update":
        wrong.append(("free", rule._replace(paid=False)))
    elsewhere = _elsewhere(path, rule)
    for about, other in wrong:
        yield mutant(about, elsewhere.get(about, partial(_with_rule, rule, other)))
    if rule.to and place.encoding != "query":
        yield mutant("under another name", partial(_translating, _rename_target(rule)))
    if _is_noted(place, path, rule):
        yield mutant("without a notice", partial(_translating, _silence(dotted)))


def request_mutants() -> Iterator[Mutant]:
    def key(each: FieldRow) -> tuple[str, str, str]:
        return each.place.name, each.path, each.rule.field if each.rule else ""

    groups = {group: list(rows) for group, rows in groupby(sorted(FIELD_ROWS, key=key), key)}
    for (name, path, field), rows in groups.items():
        if field:
            yield from _of_rule(rows, groups.get((name, path, ""), []))


# The tables of values


def value_mutants() -> Iterator[Mutant]:
    for table, value, row in VALUE_ROWS:
        for name in ("same", "renames", "near", "unsupported"):
            entries = getattr(table, name)
            if value not in entries:
                continue
            less = entries - {value} if name == "same" else {k: v for k, v in entries.items() if k != value}
            changes: list[tuple[str, dict[str, Any]]] = [("is missing", {name: less})]
            if name in ("near", "renames"):
                changes.append(("has another name", {name: {**entries, value: "Other"}}))
                other = "renames" if name == "near" else "near"
                changes.append(
                    ("is another kind", {name: less, other: {**getattr(table, other), value: entries[value]}})
                )
            for about, change in changes:
                plant = partial(_with_table, table, table._replace(**change))
                cassettes = ((f"fields/{row.name}/{row.revision}", row),)
                yield Mutant("values", f"{table.name} {value}", about, cassettes, plant)


@contextmanager
def _with_table(table: ValueTable, wrong: ValueTable) -> Iterator[None]:
    original = kinds.put_choice

    def put_choice(translation: Translation, name: str, value: Any, to: str, used: ValueTable) -> None:
        original(translation, name, value, to, wrong if used is table else used)

    with patch.object(kinds, "put_choice", put_choice):
        yield
