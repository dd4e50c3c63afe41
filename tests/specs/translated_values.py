"""Whether v2 accepts what the rules make of v1's values: each field of each v1 call, with values that v1.yaml allows.

The bodies are checked against v2.yaml with closed objects. What v2 requires beside a field is looked at for calls that
have all that v1 requires.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.rules.engine import Operation, Translation, translate_body

from tests.specs.rule_coverage import SECOND_CALL, WHERE, call_fields
from tests.specs.spec import Node, closed, deepest, find_operation, operations, request_media, resolve, validator

HERE = "tests/specs/translated_values.py"


def values(spec: Node, schema: Node) -> Iterator[Any]:
    """Values that a schema allows: each of an enum, else one or two, such as the bounds of a number."""
    schema = resolve(spec, schema)
    if "contentSchema" in schema:
        yield from (json.dumps(value) for value in values(spec, schema["contentSchema"]))
    elif "enum" in schema:
        yield from schema["enum"]
    elif "anyOf" in schema:
        options = [resolve(spec, each) for each in schema["anyOf"]]
        # Other text beside an enum is passed on; beside an object or an array, it is its JSON.
        is_open = any("enum" in each or each.get("type") in ("array", "object") for each in options)
        for each in options:
            if not (is_open and each == {"type": "string"}):
                yield from values(spec, each)
    elif "allOf" in schema or "properties" in schema:
        parts = [resolve(spec, each) for each in schema.get("allOf", ())] or [schema]
        properties = {name: each for part in parts for name, each in part.get("properties", {}).items()}
        yield {name: value for name, each in properties.items() for value in [*values(spec, each)][:1]}
    elif "x-params" in schema:
        keys = {name: [*values(spec, each)][:1] for name, each in schema["x-params"].items()}
        yield "|".join(f"{name}={found[0]}" for name, found in keys.items() if found)
    elif schema.get("type") == "array":
        yield from ([value] for value in values(spec, schema["items"]))
    elif schema.get("type") in ("integer", "number"):
        yield from dict.fromkeys((schema.get("minimum", 3), schema.get("maximum", 3)))
    elif schema.get("type") == "boolean":
        yield from (True, False)
    elif schema.get("type") == "string" and schema.get("format") != "binary":
        yield "https://i.example/1.png"


def rejected_translations(v1: Node, v2: Node, covered: Mapping[str, Operation]) -> Iterator[str]:
    """A sentence for each v1 field of which v2 rejects what a rule makes, and one for what every call sends."""
    validators = _validators(v2)
    for key, operation in covered.items():
        if operation.v2 not in validators:
            continue
        always = {(call, where): text for call, where, text in _faults(validators, operation, {})}
        for (call, where), text in always.items():
            yield f"{key}: every call is rejected by {call} at {where}: {text}; correct {WHERE}, or the type in v2.yaml"
        for name, nodes in call_fields(v1, key).items():
            given = {repr(value): value for node in nodes for value in values(v1, node)}
            faults = (
                f"what becomes of {name}={_short(value)} is rejected by {call} at {where}: {text}"
                for value in given.values()
                for call, where, text in _faults(validators, operation, {name: value})
                if (call, where) not in always
            )
            if fault := next(faults, ""):
                yield f"{key}: {fault}; correct the rule of {name!r} in {WHERE}, or the type in v2.yaml"


# A call without these makes nothing in v1 either: its page marks no field as required.
REFUSED = {"POST /story/idea-2-video": "idea", "POST /story/url-2-video": "idea"}


def missing_fields(v1: Node, v2: Node, covered: Mapping[str, Operation]) -> Iterator[str]:
    """A sentence for each v2 field that is required, and that a call lacks which has all that v1 requires."""
    validators = _validators(v2)
    for key, operation in covered.items():
        if operation.v2 not in validators:
            continue
        nodes = call_fields(v1, key)
        bodies = [resolve(v1, media["schema"]) for _, media in request_media(v1, find_operation(v1, key))]
        for required in {tuple(sorted(body.get("required", ()))) for body in bodies}:
            given = {name: next((each for node in nodes[name] for each in values(v1, node)), "x") for name in required}
            for call, where, text in dict.fromkeys(_faults(validators, operation, given, only_missing=True)):
                if not text.startswith(f'"{REFUSED.get(key)}"'):
                    given_alone = ", ".join(required) or "no field"
                    yield (
                        f"{key}: a v1 call with {given_alone} alone is rejected by {call} at {where}: {text}; send "
                        f"a value by a rule in {WHERE}, or say in REFUSED of {HERE} that v1 needs it, too"
                    )


Validators = Mapping[str, jsonschema_rs.Draft202012Validator]


def _validators(v2: Node) -> Validators:
    v2 = closed(v2)
    return {
        operation.key: validator(v2, media["schema"])
        for operation in operations(v2)
        for kind, media in request_media(v2, operation)
        if kind == "application/json" and not operation.is_webhook
    }


def _faults(
    validators: Validators, operation: Operation, given: Node, *, only_missing: bool = False
) -> Iterator[tuple[str, str, str]]:
    """The call of v2, the place in its body, and what is wrong there: what is missing, or anything else."""
    form = {name: _on_a_form(value) for name, value in given.items()}
    for fields in (Fields(form, "form"), Fields({name: [value] for name, value in given.items()}, "json")):
        translation = translate_body(operation, fields, Policy())
        if translation.passthrough_reason:
            continue
        for call, body in _bodies(operation, translation):
            for error in map(deepest, validators[call].iter_errors(body)):
                if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required) is only_missing:
                    yield call, "/" + "/".join(map(str, error.instance_path)), error.message


def _on_a_form(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    return [value if isinstance(value, str) else json.dumps(value)]


def _bodies(operation: Operation, translation: Translation) -> Iterator[tuple[str, Node]]:
    for motion in translation.motions or [{}]:
        yield operation.v2, {**translation.body, **motion}
    if translation.follow_up:
        yield SECOND_CALL[operation.v2], translation.follow_up


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
