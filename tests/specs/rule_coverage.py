"""Whether the rules cover both specs: every v1 field has a rule, every rule a field and a v2 target.

Laws: each check takes the specs and what is compared with them, and yields one sentence a fault, which names the place
and says what to do. ``checks/test_rule_coverage.py`` breaks each of them once.

A field that holds an object (or its JSON text) either has rules of its own in ``Operation.nested``, or goes to v2 as it
is, and then v2's object must know each of its fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from vimmerse.compat.rules.engine import Operation, Rule
from vimmerse.compat.rules.kinds import ValueTable

from tests.specs.spec import Node, find_operation, operations, request_media, resolve, same_path

# What v2 takes only in an update goes there, in a second call, from the operations that create.
SECOND_CALL = {"POST /v2/media": "PUT /v2/media/{media_id}"}
WHERE = "compat/vimmerse/compat/rules"


def fields(spec: Node, schema: Node) -> dict[str, list[Node]]:
    """The properties of an object, whatever it is wrapped in: references, alternatives, lists, JSON text, Params."""
    by_name: dict[str, list[Node]] = {}
    schema = resolve(spec, schema)
    parts = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    parts += [schema[word] for word in ("items", "contentSchema") if isinstance(schema.get(word), dict)]
    for part in parts:
        for name, nodes in fields(spec, part).items():
            by_name.setdefault(name, []).extend(nodes)
    for word in ("properties", "x-params"):
        for name, node in schema.get(word, {}).items():
            by_name.setdefault(name, []).append(node)
    return by_name


def inner(spec: Node, nodes: list[Node]) -> dict[str, list[Node]]:
    """As :func:`fields`, for a property that several content types declare."""
    by_name: dict[str, list[Node]] = {}
    for node in nodes:
        for name, each in fields(spec, node).items():
            by_name.setdefault(name, []).extend(each)
    return by_name


def call_fields(spec: Node, key: str) -> dict[str, list[Node]]:
    """What a call takes: the fields of its bodies, of any content type, and its query parameters."""
    operation = find_operation(spec, key)
    by_name = inner(spec, [media["schema"] for _, media in request_media(spec, operation)])
    for parameter in operation.parameters:
        if parameter["in"] == "query":
            by_name.setdefault(parameter["name"], []).append(parameter["schema"])
    return by_name


def target_fields(spec: Node, key: str) -> dict[str, list[Node]]:
    """What a rule of a v2 call may point to: what the call accepts; for one without a body, also what it returns."""
    operation = find_operation(spec, key)
    if operation.node.get("requestBody"):
        by_name = call_fields(spec, key)
        for name, nodes in (call_fields(spec, SECOND_CALL[key]) if key in SECOND_CALL else {}).items():
            by_name.setdefault(name, nodes)
        return by_name
    response = resolve(spec, operation.node["responses"]["200"])
    return inner(spec, [media["schema"] for media in response["content"].values()]) | call_fields(spec, key)


def uncovered_operations(v1: Node, covered: Mapping[str, Operation]) -> Iterator[str]:
    """The operations of both sides, and the v2 call that takes an operation's place."""
    declared = {each.key: each for each in operations(v1) if not each.is_webhook}
    for key, by_name in declared.items():
        if key not in covered:
            yield f"{key}: v1.yaml has it and {WHERE} has not; add an Operation to story.py or media.py"
            continue
        instead = by_name.node.get("x-replaced-by") or ""
        if same_path(instead) != same_path(covered[key].v2):
            yield (
                f"{key}: v1.yaml says x-replaced-by {instead or 'null'}, "
                f"its Operation says {covered[key].v2 or 'none'}; correct one of them"
            )
    for key in covered:
        if key not in declared:
            yield f"{key}: {WHERE} has it and v1.yaml has not; remove the Operation, or declare the call"


def uncovered_fields(v1: Node, v2: Node, covered: Mapping[str, Operation]) -> Iterator[str]:
    """The fields of every operation that both sides have, and of the objects within them."""
    declared = {each.key for each in operations(v1)}
    for key, operation in covered.items():
        if key not in declared:
            continue
        by_name = call_fields(v1, key)
        yield from _compare(key, "", by_name, operation.rules)
        # No v2 call, nothing to point at.
        targets = target_fields(v2, operation.v2) if operation.v2 else {}
        yield from _wrong_targets(key, operation, operation.rules, v2, targets)
        reached: set[str] = set()
        for rule in operation.rules:
            yield from _inside(key, operation, rule, rule.field, by_name.get(rule.field, []), v1, v2, targets, reached)
        for path in operation.nested:
            if path not in reached:
                yield f"{key}: {WHERE} has rules inside {path!r} and v1.yaml has no such object; remove them"


def _compare(key: str, path: str, by_name: Mapping[str, Any], rules: tuple[Rule, ...]) -> Iterator[str]:
    ruled = {rule.field for rule in rules}
    inside = f" inside {path!r}" if path else ""
    for name in by_name:
        if name not in ruled:
            yield f"{key}: the field {name!r}{inside} has no rule; add one to the operation's table in {WHERE}"
    for name in sorted(ruled - set(by_name)):
        yield f"{key}: the rule of {name!r}{inside} has no field in v1.yaml; remove it, or declare the field"


def _wrong_targets(
    key: str, operation: Operation, rules: tuple[Rule, ...], v2: Node, targets: dict[str, list[Node]]
) -> Iterator[str]:
    for rule in rules:
        if rule.to and not _at(v2, targets, rule.to):
            yield (
                f"{key}: the rule of {rule.field!r} points to {rule.to!r}, "
                f"which {operation.v2} does not have in v2.yaml; correct the rule's target"
            )


def _at(spec: Node, by_name: dict[str, list[Node]], path: str) -> list[Node]:
    """The declarations of a dotted path."""
    name, dot, rest = path.partition(".")
    nodes = by_name.get(name, [])
    return _at(spec, inner(spec, nodes), rest) if dot else nodes


def _inside(
    key: str,
    operation: Operation,
    rule: Rule,
    path: str,
    nodes: list[Node],
    v1: Node,
    v2: Node,
    targets: dict[str, list[Node]],
    reached: set[str],
) -> Iterator[str]:
    """The fields within one field of v1."""
    by_name = inner(v1, nodes)
    if path in operation.nested:
        if by_name:
            reached.add(path)
        rules = operation.nested[path]
        yield from _compare(key, path, by_name, rules)
        yield from _wrong_targets(key, operation, rules, v2, targets)
        for each in rules:
            yield from _inside(
                key, operation, each, f"{path}.{each.field}", by_name.get(each.field, []), v1, v2, targets, reached
            )
    elif rule.to and rule.kind not in ("dropped", "unsupported"):
        yield from _passed_on(key, path, by_name, v1, v2, _at(v2, targets, rule.to))


def _passed_on(
    key: str, path: str, by_name: dict[str, list[Node]], v1: Node, v2: Node, there: list[Node]
) -> Iterator[str]:
    known = inner(v2, there)
    for name, nodes in by_name.items():
        if name not in known:
            yield (
                f"{key}: the field {name!r} inside {path!r} goes to v2 as it is, and v2.yaml does not have it there; "
                "give it a rule in Operation.nested"
            )
        else:
            yield from _passed_on(key, f"{path}.{name}", inner(v1, nodes), v1, v2, known[name])


def wrong_v2_fields(v2: Node, listed: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """``rules/targets.py`` against the JSON bodies of v2.yaml."""
    declared = {
        operation.key: set(fields(v2, media["schema"]))
        for operation in operations(v2)
        if not operation.is_webhook
        for kind, media in request_media(v2, operation)
        if kind == "application/json"
    }
    for key in sorted(declared.keys() | listed.keys()):
        missing = sorted(declared.get(key, set()) - listed.get(key, frozenset()))
        extra = sorted(listed.get(key, frozenset()) - declared.get(key, set()))
        if key not in listed or missing:
            yield (
                f"{key}: v2.yaml has {missing} and {WHERE}/targets.py has not; add what is missing. Calls of v1 that "
                "contain it pass it on with a notice, unless they get a rule for it"
            )
        if key not in declared or extra:
            yield f"{key}: {WHERE}/targets.py has {extra} and v2.yaml has not; remove it, or declare it"


def wrong_values(v1: Node, v2: Node, table: ValueTable, old: tuple[str, ...], new: str) -> Iterator[str]:
    """A value table against v1's enums ``old`` and v2's enum ``new``."""
    documented = {name for enum in old for name in v1["components"]["schemas"][enum]["enum"]}
    known = set(v2["components"]["schemas"][new]["enum"])
    places = [set(table.same), set(table.near), set(table.renames), set(table.unsupported)]
    listed = set().union(*places)
    for name in sorted(documented - listed):
        yield f"{table.name}: {name!r} is in v1.yaml and in no table; add it to {WHERE}/values.py"
    for name in sorted(listed - documented - known):
        yield f"{table.name}: {name!r} is in {WHERE}/values.py and in no enum of v1.yaml; declare it, or remove it"
    for name in sorted(known - listed):
        yield (
            f"{table.name}: {new} in v2.yaml has {name!r}, and no table does; add it to `same` in {WHERE}/values.py, "
            "so that a misspelled one is noticed"
        )
    for place, names in (("near", table.near), ("renames", table.renames), ("unsupported", table.unsupported)):
        for name in sorted(known & set(names)):
            becomes = names[name] if place != "unsupported" else "a call to v1"
            yield (
                f"{table.name}: {new} in v2.yaml has {name!r} now, and v1's {name!r} still becomes {becomes!r}; "
                f"move it from `{place}` to `same` in {WHERE}/values.py"
            )
    for name in sorted(name for name in listed if sum(name in place for place in places) > 1):
        yield f"{table.name}: {name!r} stands in two tables; leave it in one"
    for name in sorted({*table.same, *table.near.values(), *table.renames.values()} - known):
        yield f"{table.name}: {name!r} is a target, and {new} in v2.yaml does not have it; choose another"


#: Enums of both versions whose values have tables of their own, or are not sent.
TRANSLATED = {"VideoTool", "ImageTool", "StoryStatus", "MediaStatus"}


def lost_values(v1: Node, v2: Node) -> Iterator[str]:
    """v1's values of what has the same enum in v2: voices, languages, aspect ratios. They go to v2 as they are."""
    old, new = v1["components"]["schemas"], v2["components"]["schemas"]
    for name in sorted(old.keys() & new.keys() - TRANSLATED):
        for value in old[name].get("enum", ()):
            if value not in new[name].get("enum", ()):
                yield (
                    f"{name}: v1.yaml has {value!r}, and v2.yaml does not, so that v2 rejects it; "
                    f"give the fields a table in {WHERE}/values.py, or declare the value in v2.yaml"
                )


def unknown_states(version: str, spec: Node, known: Collection[str]) -> Iterator[str]:
    """The statuses of jobs against what a wait knows."""
    for name in ("StoryStatus", "MediaStatus"):
        for value in spec["components"]["schemas"][name]["enum"]:
            if value not in known:
                yield (
                    f"{name} in {version}.yaml has {value!r}, and vimmerse.jobs.states does not; say there whether it "
                    "is final: a wait would go on until its deadline"
                )


def contradicting_words(kind: str, words: Mapping[str, str], outcomes: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The words of a table of statuses: in v1 a job has ended if, and as, it has in v2."""
    by_word = {word: outcome for outcome, listed in outcomes.items() for word in listed}
    for v2, v1 in words.items():
        if by_word.get(v2) != by_word.get(v1) and (kind, by_word.get(v2), v1) != ("story", "cancelled", "fail"):
            yield (
                f"{kind}: {v2!r} is {by_word.get(v2)} and becomes {v1!r}, which is {by_word.get(v1)}; correct the "
                f"table in {WHERE}/response_fields.py"
            )
