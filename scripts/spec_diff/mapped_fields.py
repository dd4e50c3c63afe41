"""Which v1 fields become a field of a v2 call, by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from vimmerse.compat.core.fields import Fields
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation, Rule, translate_body
from vimmerse.compat.rules.targets import V2_FIELDS
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS

from scripts.spec_diff.changes import same_path
from scripts.spec_diff.shapes import Place

TABLES = (VIDEO_TOOLS, IMAGE_TOOLS)
_SHOWN = 6


class MappedField(NamedTuple):
    """A v1 field that becomes a v2 field."""

    operation: Operation
    field: str  # with the objects that it is in: data.pose_preset.MotionType
    rule: Rule

    def __str__(self) -> str:
        return f"{self.field} of {self.operation.v1}"


def fields_mapped_to(place: Place) -> Iterator[MappedField]:
    """The v1 fields that become a field of a v2 call, or an object that contains it, or a field within."""
    path = place.path.replace("[]", "")
    for operation in OPERATIONS.values():
        if not takes(operation, place):
            continue
        tables = [("", (*operation.rules, *operation.extra_rules)), *operation.nested.items()]
        for outer, rules in tables:
            for rule in rules:
                if rule.to and (rule.to == path or rule.to.startswith(f"{path}.") or path.startswith(f"{rule.to}.")):
                    yield MappedField(operation, f"{outer}.{rule.field}".lstrip("."), rule)


def takes(operation: Operation, place: Place) -> bool:
    """Whether a v1 operation becomes this v2 call, or sends the field in a second one, which only an update takes."""
    if not operation.v2:
        return False
    if same_path(operation.v2) == same_path(place.operation):
        return True
    outer = place.path.partition(".")[0].removesuffix("[]")
    is_update = same_path(place.operation) == "PUT /v2/media/{}"
    return is_update and operation.v2 == "POST /v2/media" and outer not in V2_FIELDS["POST /v2/media"]


def sends(operation: Operation, path: str) -> bool:
    """Whether the rules send a field although the call has none."""
    body: Any = translate_body(operation, Fields({}, "form"), Policy()).body
    for name in path.replace("[]", "").split("."):
        if not isinstance(body, dict) or name not in body:
            return False
        body = body[name]
    return True


def rule_of(place: Place) -> Rule | None:
    operation = OPERATIONS.get(place.operation)
    if operation is None:
        return None
    path = place.path.replace("[]", "")
    outer, _, name = path.rpartition(".")
    rules = operation.nested.get(outer, ()) if outer else (*operation.rules, *operation.extra_rules)
    return next((rule for rule in rules if rule.field == name), None)


def renamed_path(path: str, name: str) -> str:
    outer, dot, _ = path.rpartition(".")
    return f"{outer}{dot}{name}"


def listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
