"""What a change means for v1 programs whose calls run on v2: asked of the rules, and of the mapping of responses.

The rules and the mapping are those of the working tree. So a change that has been followed up breaks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from vimmerse.compat.flows.field_selection import V2_MEDIA
from vimmerse.compat.flows.routing import OPERATIONS
from vimmerse.compat.rules.engine import Operation
from vimmerse.compat.rules.kinds import ValueTable
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, STORY_STATUS
from vimmerse.compat.rules.targets import V2_FIELDS

from scripts.spec_diff.catalogue import BY_ID, Severity
from scripts.spec_diff.changes import Change, same_path
from scripts.spec_diff.judged import Effect
from scripts.spec_diff.mapped_fields import TABLES, MappedField, fields_mapped_to, listed, sends, takes
from scripts.spec_diff.samples import MAPPINGS, sample, shown, without
from scripts.spec_diff.shapes import Place, Shape, Spec, final_of
from scripts.spec_diff.v1_impact import ChangesOfV1

_FINAL_V1 = ("success", "fail", "cancel")
_ERRORS = ("error", "invalid", "invalid_field")  # of the tables of responses
#: The call that flows/uploads.py makes for images of v1 calls, and the fields that it needs.
_UPLOAD, _UPLOAD_FIELDS = "POST /v2/image", ("image_file", "results")
_IS_LOST: tuple[Severity, str] = ("breaking", "is lost in")
_DIFFERS: tuple[Severity, str] = ("breaking", "differs in")
_MAY_BE_MISSING: tuple[Severity, str] = ("breaking", "may be missing in")
#: What a change of a v2 response means for the v1 response that is made of it.
_LOST: dict[str, tuple[Severity, str]] = {
    "property-removed": _IS_LOST,
    "property-renamed": _IS_LOST,
    "property-type-changed": _DIFFERS,
    "property-type-widened": _DIFFERS,
    "property-became-optional": _MAY_BE_MISSING,
    "required-property-became-nullable": _MAY_BE_MISSING,
    "property-deprecated": ("warning", "needs another source before it ends, in"),
}
_WHOLE_REQUEST = {
    "request-media-type-removed": "these v1 calls become it, and are sent in this format",
    "security-changed": "these v1 calls become it, and send their key as before",
}
_WHOLE_RESPONSE = ("response-media-type-removed", "response-property-type-changed")


class Compat:
    """The effects on v1 programs."""

    def __init__(self, old: Mapping[str, Spec], new: Mapping[str, Spec]) -> None:
        self._old, self._new = old, new

    def effects(self, change: Change) -> Iterator[Effect]:
        if change.version == "v1":
            yield from ChangesOfV1(self._new).effects(change)
        elif change.version == "v2":
            yield from self._v2(change)
            yield from self._whole_call(change)
            yield from self._upload(change)

    # Changes of v2

    def _upload(self, change: Change) -> Iterator[Effect]:
        """Images of v1 calls are uploaded first."""
        if BY_ID[change.rule].client == "breaking" or change.rule == "operation-path-changed":
            about_all = change.rule in (*_WHOLE_REQUEST, *_WHOLE_RESPONSE)
            needed = about_all or change.name in (_UPLOAD, *_UPLOAD_FIELDS) or change.rule.endswith("-required")
            if needed and any(place.operation == _UPLOAD for place in change.places):
                calls = [each.v1 for each in OPERATIONS.values() if any(rule.files for rule in each.rules)]
                yield Effect("breaking", f"images of these calls are uploaded with it: {listed(calls)}")

    def _v2(self, change: Change) -> Iterator[Effect]:
        rule = change.rule
        if rule in ("operation-removed", "operation-path-changed"):
            calls = [
                operation.v1 for operation in OPERATIONS.values() if same_path(operation.v2) == same_path(change.name)
            ]
            if calls:
                yield Effect("breaking", f"these v1 calls become it: {listed(calls)}")
        elif rule in ("operation-added", "paged-operation-added"):
            alike = [each.v1 for each in OPERATIONS.values() if not each.v2 and _alike(each.v1, change.name)]
            if alike:
                yield Effect("warning", f"still goes to v1, which alone had such a call: {listed(alike)}")
        elif rule in ("operation-deprecated", "sunset-changed", "property-deprecated"):
            yield from self._ends(change)
        elif rule in ("server-changed", "security-scheme-changed"):
            yield Effect("breaking", "v1 calls are sent there, with their key")
        elif rule.startswith("status-"):
            yield from self._status(change)
        elif rule == "enum-value-added":
            yield from self._value_added(change)
        elif rule == "enum-value-removed":
            yield from self._value_removed(change)
        elif rule.startswith("response-") and rule.removeprefix("response-") in _LOST:
            yield from self._response(change)
        elif rule in ("response-alternative-added", "response-alternative-removed"):
            v2_calls = {same_path(place.operation) for place in change.places if place.direction == "response"}
            if calls := [each.v1 for each in OPERATIONS.values() if same_path(each.v2) in v2_calls]:
                yield Effect("warning", f"v1's responses are made of it: does v1 have this form? {listed(calls)}")
        elif rule in ("default-changed", "default-removed"):
            yield from self._default(change)
        elif rule.startswith("request-p") and rule.endswith("-added"):
            yield from self._field_added(change)
        elif rule.startswith("request-"):
            yield from self._request(change)

    def _whole_call(self, change: Change) -> Iterator[Effect]:
        """What is about the requests or the responses of a call as a whole."""
        is_paging = change.rule == "paging-parameter-added"
        operations = {same_path(place.operation) for place in change.places if is_paging or not place.path}
        calls = [each.v1 for each in OPERATIONS.values() if same_path(each.v2) in operations]
        if not calls:
            return
        if change.rule in _WHOLE_REQUEST:
            yield Effect("breaking", f"{_WHOLE_REQUEST[change.rule]}: {listed(calls)}")
        elif change.rule in _WHOLE_RESPONSE:
            yield Effect("breaking", f"v1's responses are made of it: {listed(calls)}")
        elif change.rule.startswith("response-success-status"):
            yield Effect("warning", f"v1 programs get this status, too: {listed(calls)}")
        elif is_paging:
            yield Effect("warning", f"v1 programs may get the first page only: {listed(calls)}")

    def _ends(self, change: Change) -> Iterator[Effect]:
        """v1 calls go on writing what is deprecated in v2."""
        fields = [str(each) for each in self._mapped_fields(change)]
        places = [same_path(place.operation) for place in change.places if place.direction == "call"]
        calls = [each.v1 for each in OPERATIONS.values() if same_path(each.v2) in places]
        if fields or calls:
            yield Effect(
                "warning", f"these become it, and need another target before it ends: {listed(fields or calls)}"
            )

    def _request(self, change: Change) -> Iterator[Effect]:
        mapped = self._mapped_fields(change)
        shown_as = listed([str(each) for each in mapped])
        what = change.rule.removeprefix("request-").partition("-")[2] or change.rule
        if what.endswith(("removed", "renamed")):
            if mapped:
                yield Effect("breaking", f"these v1 fields become it, and would be lost: {shown_as}")
        elif what.endswith("required"):
            yield from self._missing(change)
        elif what.endswith(("changed", "narrowed", "tightened", "closed", "not-nullable", "enum")) and mapped:
            yield Effect(
                "breaking" if what.endswith(("changed", "narrowed")) else "warning",
                f"these v1 fields become it, and may be rejected: {shown_as}",
            )

    def _missing(self, change: Change) -> Iterator[Effect]:
        """v1 calls that are sent without a field that v2 requires."""
        always, perhaps = [], []
        for operation in OPERATIONS.values():
            for place in change.places:
                if place.direction != "request" or not takes(operation, place) or sends(operation, place.path):
                    continue
                mapped = [each.field for each in fields_mapped_to(place) if each.operation is operation]
                if not mapped:
                    always.append(operation.v1)
                elif not any(self._requires(operation, name) for name in mapped):
                    perhaps.append(f"{operation.v1} without {' or '.join(mapped)}")
        if always:
            yield Effect("breaking", f"these v1 calls are sent without it: {listed(always)}")
        if perhaps:
            yield Effect("breaking", f"these v1 calls are sent without it: {listed(perhaps)}")

    def _requires(self, operation: Operation, name: str) -> bool:
        """Whether v1 refuses a call without a field."""
        call = self._new["v1"].calls.get(operation.v1) if "v1" in self._new else None
        shapes = call.bodies.values() if call else ()
        return any(name in fields.required for shape in shapes for fields in shape.objects.values())

    def _field_added(self, change: Change) -> Iterator[Effect]:
        for place in change.places:
            name = place.path.rpartition(".")[2]
            for operation in OPERATIONS.values():
                if " " in name or not takes(operation, place):  # a header is no field
                    continue
                rule = operation.by_field.get(place.path) or next(
                    (each for rules in operation.nested.values() for each in rules if each.field == name), None
                )
                if rule is not None and rule.kind in ("dropped", "unsupported"):
                    how = "is dropped" if rule.kind == "dropped" else "is forwarded to v1"
                    yield Effect("warning", f"v1's {rule.field} {how} although v2 has it now: {operation.v1}")
                elif operation.v2 not in V2_FIELDS:
                    continue  # it has no body
                elif rule is None and "." not in place.path and name not in V2_FIELDS[operation.v2]:
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
                    if change.rule == "default-removed":
                        yield Effect("warning", f"a call that leaves it out gets what v2 chooses: {operation.v1}")
                        continue
                    text = f"a call that leaves it out now gets v2's {change.shown[1]}: {operation.v1}"
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
                    yield Effect("breaking", f"v1's values become it: {listed(sorted(names))}")
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
        if change.rule == "status-removed":
            if self.is_last(change):
                yield Effect("breaking", f"v1 programs wait for a job that has {change.old}, and no status says it")
            return
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

    def is_last(self, change: Change) -> bool:
        """Whether a status that is gone was the last one with its outcome."""
        model = self._new[change.version].models.get(change.subjects[0])
        return bool(change.old) and model is not None and change.old not in (final_of(model.facts) or {}).values()

    # Responses of v2: a sample is shown to a v1 program, before and after

    def _response(self, change: Change) -> Iterator[Effect]:
        rows = [row.v1 for kind in _ERRORS for row in OBJECTS[kind].fields if row.v2 == change.name]
        if rows and any(OBJECTS[kind].v2 in change.subjects for kind in _ERRORS):
            yield Effect("breaking", f"is in v1's errors: {listed(rows)}")
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
        level, how = _LOST[change.rule.removeprefix("response-")]
        for call, paths in by_call.items():
            yield Effect(level, f"{how} v1's responses: {listed(_outermost(paths))} ({call}, and others like it)")

    def _lost(self, change: Change, operation: Operation, place: Place) -> list[str]:
        old, new = (side["v2"].calls.get(place.operation) for side in (self._old, self._new))
        before = old.success() if old else None
        if before is None or new is None or change.shape is None:
            return []
        value = sample(before)
        if change.rule.endswith("-renamed"):
            changed = without(value, place.path, renamed=str(change.new))
        elif not change.rule.endswith(("-changed", "-widened")):
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
