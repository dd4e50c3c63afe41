"""What a change means for v1 programs whose calls run on v2: asked of the rules, and of the mapping of responses.

The rules and the mapping are those of the working tree. So a change that has been followed up breaks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from vimmerse.compat.flows.field_selection import V2_MEDIA
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation
from vimmerse.compat.rules.kinds import ValueTable
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, STORY_STATUS
from vimmerse.compat.rules.targets import V2_FIELDS
from vimmerse.compat.rules.values import IMAGE_TOOLS, VIDEO_TOOLS

from scripts.spec_diff.catalogue import BY_ID
from scripts.spec_diff.changes import Change
from scripts.spec_diff.judged import Effect
from scripts.spec_diff.mapped_fields import (
    MappedField,
    fields_mapped_to,
    renamed_path,
    rule_of,
    same_path,
    sends,
    takes,
)
from scripts.spec_diff.samples import MAPPINGS, sample, shown, without
from scripts.spec_diff.shapes import Place, Shape, Spec

TABLES = (VIDEO_TOOLS, IMAGE_TOOLS)
_FINAL_V1 = ("success", "fail", "cancel")
_ERRORS = ("error", "invalid", "invalid_field")  # of the tables of responses
#: The call that flows/uploads.py makes for images of v1 calls, and the fields that it needs.
_UPLOAD, _UPLOAD_FIELDS = "POST /v2/image", ("image_file", "results")
_SHOWN = 6


class Compat:
    """The effects on v1 programs."""

    def __init__(self, old: Mapping[str, Spec], new: Mapping[str, Spec]) -> None:
        self._old, self._new = old, new

    def effects(self, change: Change) -> Iterator[Effect]:
        if change.version == "v1":
            yield from self._v1(change)
        elif change.version == "v2":
            yield from self._v2(change)
            yield from self._upload(change)

    # Changes of v2

    def _upload(self, change: Change) -> Iterator[Effect]:
        """Images of v1 calls are uploaded first."""
        if BY_ID[change.rule].client == "breaking" or change.rule == "operation-path-changed":
            needed = change.name in (_UPLOAD, *_UPLOAD_FIELDS) or change.rule.endswith("-required")
            if needed and any(place.operation == _UPLOAD for place in change.places):
                calls = [each.v1 for each in OPERATIONS.values() if any(rule.files for rule in each.rules)]
                yield Effect("breaking", f"images of these calls are uploaded with it: {_listed(calls)}")

    def _v2(self, change: Change) -> Iterator[Effect]:
        rule = change.rule
        if rule in ("operation-removed", "operation-path-changed"):
            calls = [
                operation.v1 for operation in OPERATIONS.values() if same_path(operation.v2) == same_path(change.name)
            ]
            if calls:
                yield Effect("breaking", f"becomes this call: {_listed(calls)}")
        elif rule in ("operation-added", "paged-operation-added"):
            alike = [each.v1 for each in OPERATIONS.values() if not each.v2 and _alike(each.v1, change.name)]
            if alike:
                yield Effect("warning", f"goes to v1, since v2 had no such call: {_listed(alike)}")
        elif rule in ("operation-deprecated", "sunset-changed", "property-deprecated"):
            yield from self._ends(change)
        elif rule in ("server-changed", "security-scheme-changed"):
            yield Effect("breaking", "v1 calls are sent there, with their key")
        elif rule.startswith("status-") and rule != "status-removed":
            yield from self._status(change)
        elif rule == "enum-value-added":
            yield from self._value_added(change)
        elif rule == "enum-value-removed":
            yield from self._value_removed(change)
        elif rule.startswith("response-property") and rule.rpartition("-")[2] in (
            "removed",
            "renamed",
            "changed",
            "widened",
        ):
            yield from self._response(change)
        elif rule == "default-changed":
            yield from self._default(change)
        elif rule.startswith("request-p") and rule.endswith("-added"):
            yield from self._field_added(change)
        elif rule.startswith("request-"):
            yield from self._request(change)

    def _ends(self, change: Change) -> Iterator[Effect]:
        """v1 calls go on writing what is deprecated in v2."""
        fields = [str(each) for each in self._mapped_fields(change)]
        places = [same_path(place.operation) for place in change.places if place.direction == "call"]
        calls = [each.v1 for each in OPERATIONS.values() if same_path(each.v2) in places]
        if fields or calls:
            yield Effect("warning", f"becomes it, and needs another target before it ends: {_listed(fields or calls)}")

    def _request(self, change: Change) -> Iterator[Effect]:
        mapped = self._mapped_fields(change)
        shown_as = _listed([str(each) for each in mapped])
        what = change.rule.removeprefix("request-").partition("-")[2] or change.rule
        if what.endswith(("removed", "renamed")):
            if mapped:
                yield Effect("breaking", f"these v1 fields become it, and turn lossy: {shown_as}")
        elif what.endswith("required"):
            missing = [
                each.v1
                for each in OPERATIONS.values()
                for place in change.places
                if takes(each, place) and not sends(each, place.path)
            ]
            if missing:
                yield Effect("breaking", f"is sent without it: {_listed(missing)}")
        elif what.endswith(("changed", "narrowed", "tightened", "closed", "not-nullable", "enum")) and mapped:
            yield Effect(
                "breaking" if what.endswith(("changed", "narrowed")) else "warning",
                f"these v1 fields become it, and may be rejected: {shown_as}",
            )

    def _field_added(self, change: Change) -> Iterator[Effect]:
        for place in change.places:
            name = place.path.rpartition(".")[2]
            for operation in OPERATIONS.values():
                if not takes(operation, place):
                    continue
                rule = operation.by_field.get(place.path) or next(
                    (each for rules in operation.nested.values() for each in rules if each.field == name), None
                )
                if rule is not None and rule.kind in ("dropped", "unsupported"):
                    how = "is dropped" if rule.kind == "dropped" else "is forwarded to v1"
                    yield Effect("warning", f"v1's {rule.field} {how} although v2 has it now: {operation.v1}")
                elif rule is None and "." not in place.path and name not in V2_FIELDS.get(operation.v2, ()):
                    yield Effect(
                        "info",
                        f"a v1 call that has {name} goes on losing it, with a warning, until targets.py lists it",
                    )
                elif rule is None and "." not in place.path:
                    yield Effect(
                        "warning", f"a v1 call that has {name}, which v1 ignores, now sends it: {operation.v1}"
                    )

    def _default(self, change: Change) -> Iterator[Effect]:
        for place in change.places:
            if place.direction != "request":
                continue
            for operation in OPERATIONS.values():
                if takes(operation, place) and not sends(operation, place.path):
                    # An object that is not sent as a whole may mean that nothing changes, as in the scenes of a story.
                    is_certain = "." not in place.path or sends(operation, place.path.rpartition(".")[0])
                    text = f"a call that leaves it out now gets v2's {change.new!r}: {operation.v1}"
                    yield Effect("breaking" if is_certain else "warning", text)

    def _value_added(self, change: Change) -> Iterator[Effect]:
        for table in TABLES:
            if self._is_table_of(table, change):
                if change.name in table.near:
                    near = table.near[change.name]
                    yield Effect(
                        "warning", f"v1's {change.name} still becomes {near}, with a notice that v2 has no such value"
                    )
                elif change.name in table.unsupported:
                    yield Effect("warning", f"v1's {change.name} still goes to v1, although v2 has it now")

    def _value_removed(self, change: Change) -> Iterator[Effect]:
        for table in TABLES:
            if self._is_table_of(table, change):
                names = [name for name, new in {**table.near, **table.renames}.items() if new == change.name]
                names += [change.name] if change.name in table.same else []
                if names:
                    yield Effect("breaking", f"v1's {_listed(sorted(names))} become it")
                return
        if change.name in V2_MEDIA and any(place.path.startswith("fields") for place in change.places):
            yield Effect("breaking", "is requested for GET /media/{media_id} with fields")
        enum = self._new["v1"].models.get(change.subjects[0]) if "v1" in self._new else None
        if enum is not None and enum.values and change.name in enum.values and self._mapped_fields(change):
            yield Effect("breaking", f"v1's {change.name} is sent as it is")

    def _is_table_of(self, table: ValueTable, change: Change) -> bool:
        field = table.setting.removesuffix("s")
        return any(place.path.rpartition(".")[2] == field for place in change.places)

    def _status(self, change: Change) -> Iterator[Effect]:
        if change.rule != "status-added":
            yield Effect("warning", "compare the tables of statuses in rules/response_fields.py with it")
            return
        is_media = any(place.path.endswith("processing_status") for place in change.places)
        words = MEDIA_STATUS if is_media else STORY_STATUS
        if change.name in words:
            if change.new and words[change.name] not in _FINAL_V1:
                yield Effect("breaking", f"it is final, and v1 programs see {words[change.name]}, and wait on")
        elif change.new:
            yield Effect(
                "breaking", "it is final, and v1 programs wait for success or fail: response_fields.py has neither"
            )
        elif change.new is None:
            yield Effect("warning", "v1 programs see it as it is; the spec does not say whether it is final")
        else:
            yield Effect("info", "v1 programs see it as it is, and wait on")

    # Responses of v2: a sample is shown to a v1 program, before and after

    def _response(self, change: Change) -> Iterator[Effect]:
        rows = [row.v1 for kind in _ERRORS for row in OBJECTS[kind].fields if row.v2 == change.name]
        if rows and any(OBJECTS[kind].v2 in change.subjects for kind in _ERRORS):
            yield Effect("breaking", f"is in v1's errors: {_listed(rows)}")
        lost: dict[str, str] = {}
        for place in change.places:
            for operation in OPERATIONS.values():
                if operation.response_kind not in MAPPINGS or same_path(operation.v2) != same_path(place.operation):
                    continue
                if place.direction == "response":
                    for path in self._lost(change, operation, place):
                        lost.setdefault(path, operation.v1)
        by_call: dict[str, list[str]] = {}
        for path, call in lost.items():
            by_call.setdefault(call, []).append(path)
        how = "differs" if change.rule.endswith(("changed", "widened")) else "is lost"
        for call, paths in by_call.items():
            yield Effect(
                "breaking", f"{how} in v1's responses: {_listed(_outermost(paths))} ({call}, and others like it)"
            )

    def _lost(self, change: Change, operation: Operation, place: Place) -> list[str]:
        old, new = (side["v2"].calls.get(place.operation) for side in (self._old, self._new))
        before = old.success() if old else None
        if before is None or new is None or change.shape is None:
            return []
        value = sample(before)
        if change.rule.endswith("-renamed"):
            changed = without(value, place.path, renamed=str(change.new))
        elif change.rule.endswith("-removed"):
            changed = without(value, place.path)
        else:
            changed = without(value, place.path, new=sample(change.shape, place.path))
        kind = operation.response_kind
        was, now = shown(kind, value), shown(kind, changed)
        if change.rule.endswith(("-changed", "-widened")):
            paths = [path for path in was if path not in now or type(was[path]) is not type(now[path])]
        else:
            paths = [path for path in was if path not in now]
        names = self._v1_names(operation)
        return [path for path in paths if path.partition(".")[0].partition("[")[0] in names]

    def _v1_names(self, operation: Operation) -> set[str]:
        """The names of the fields in v1's response."""
        call = self._new["v1"].calls.get(operation.v1) if "v1" in self._new else None
        wrapped = call.success() if call else None
        data = _properties(wrapped).get("data") if wrapped else None
        return set(_properties(data)) if data else set()

    # Changes of v1

    def _v1(self, change: Change) -> Iterator[Effect]:
        rule = change.rule
        requests = [place for place in change.places if place.direction == "request"]
        if rule == "sunset-changed":
            yield Effect("warning", "calls that are forwarded to v1 end then")
        elif rule == "operation-added":
            if change.name not in OPERATIONS:
                yield Effect("warning", "it has no Operation in rules/: it goes to v1, and scripts/regenerate fails")
        elif rule in ("operation-removed", "operation-path-changed"):
            if change.name in OPERATIONS:
                yield Effect("warning", "rules/ still has its Operation")
        elif rule.startswith(("request-property", "request-parameter")) and rule.endswith(
            ("-added", "-added-required")
        ):
            for place in requests:
                yield from self._v1_field(place)
        elif rule.startswith(("request-property", "request-parameter")) and rule.endswith(("-removed", "-renamed")):
            ruled = [place.operation for place in requests if rule_of(place) is not None]
            if ruled:
                yield Effect("warning", f"its rule has no field any more: {_listed(ruled)}")
            if rule.endswith("-renamed"):
                for place in requests:
                    yield from self._v1_field(place._replace(path=renamed_path(place.path, str(change.new))))
        elif rule == "enum-value-added":
            known = [{*each.same, *each.near, *each.renames, *each.unsupported} for each in TABLES]
            if change.subjects[0] in ("MotionType", "ImageOption") and not any(change.name in each for each in known):
                yield Effect("warning", "no table in rules/values.py has it: it is sent to v2 as it is")
        elif rule == "default-changed":
            yield Effect("warning", "what rules fill in, or leave out as v1's default, may be the old one")
        elif rule == "response-property-added":
            yield from self._v1_response(change.places)
        elif rule == "response-property-renamed":
            places = [each._replace(path=renamed_path(each.path, str(change.new))) for each in change.places]
            yield from self._v1_response(places)
        elif rule == "response-property-type-changed":
            if any(place.operation in OPERATIONS for place in change.places):
                yield Effect("warning", "responses of compat may have the old type")
        elif rule.startswith("request-") and requests and rule.rpartition("-")[2] in ("changed", "widened"):
            yield Effect("warning", "its rule converts the old type")

    def _v1_field(self, place: Place) -> Iterator[Effect]:
        operation = OPERATIONS.get(place.operation)
        if operation is None:
            return
        rule = rule_of(place)
        if rule is None:
            if "." not in place.path or place.path.rpartition(".")[0] in operation.nested:
                text = (
                    f"it has no rule: it is left out, with a warning, and scripts/regenerate fails ({place.operation})"
                )
                yield Effect("warning", text)
            else:
                yield Effect(
                    "warning", f"it goes to v2 as it is, inside {place.path.partition('.')[0]} ({place.operation})"
                )
        elif rule.kind in ("dropped", "unsupported", "approximated"):
            yield Effect("info", f"lossy: {rule.kind} ({place.operation})")
        else:
            yield Effect("info", f"{rule.kind}: becomes {rule.to} ({place.operation})")

    def _v1_response(self, places: Iterable[Place]) -> Iterator[Effect]:
        calls = []
        for place in places:
            operation = OPERATIONS.get(place.operation)
            v2 = self._new["v2"].calls.get(operation.v2) if operation and "v2" in self._new else None
            success = v2.success() if v2 else None
            if operation and success and operation.response_kind in MAPPINGS and place.path.startswith("data."):
                paths = {
                    path.partition(".")[0].partition("[")[0] for path in shown(operation.response_kind, sample(success))
                }
                if place.path.removeprefix("data.").partition(".")[0] not in paths:
                    calls.append(place.operation)
        if calls:
            yield Effect("warning", f"responses of compat lack it: {_listed(calls)}")

    # The rules

    def _mapped_fields(self, change: Change) -> list[MappedField]:
        """The v1 fields that become the v2 field of a change."""
        found = {}
        for place in change.places:
            if place.direction == "request":
                for field in fields_mapped_to(place):
                    found[str(field)] = field
        return list(found.values())


def _alike(v1: str, v2: str) -> bool:
    return same_path(v1).replace(" /", " /v2/") == same_path(v2)


def _properties(shape: Shape) -> dict[str, Shape]:
    return {name: each for fields in shape.objects.values() for name, each in fields.properties.items()}


def _outermost(paths: list[str]) -> list[str]:
    """The fields that hold these, one for each field of the response."""
    heads: dict[str, list[list[str]]] = {}
    for path in paths:
        steps = path.replace("[]", "").split(".")
        heads.setdefault(steps[0], []).append(steps)
    return [".".join(steps[0] for steps in takewhile(_is_one, zip(*inner, strict=False))) for inner in heads.values()]


def _is_one(steps: tuple[str, ...]) -> bool:
    return len(set(steps)) == 1


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
