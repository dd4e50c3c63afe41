"""What a change of v1's spec means for v1 programs whose calls run on v2: do the tables of ``rules/`` still fit?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vimmerse.compat.flows.routing import OPERATIONS, V1_HOST

from scripts.spec_diff.changes import Change
from scripts.spec_diff.judged import Effect
from scripts.spec_diff.mapped_fields import TABLES, listed, renamed_path, rule_of
from scripts.spec_diff.samples import MAPPINGS, sample, shown
from scripts.spec_diff.shapes import Place, Spec


class ChangesOfV1:
    """The effects of changes of v1."""

    def __init__(self, new: Mapping[str, Spec]) -> None:
        self._new = new

    def effects(self, change: Change) -> Iterator[Effect]:
        rule = change.rule
        requests = [place for place in change.places if place.direction == "request"]
        if rule == "server-changed":
            yield Effect("breaking", f"v1 calls are recognised by the host {V1_HOST}, and those that v2 lacks go there")
        elif rule.startswith("response-success-status"):
            yield Effect("warning", "v1 programs get the status of v2's response")
        elif rule == "sunset-changed":
            yield Effect("warning", "calls that are forwarded to v1 end then")
        elif rule in ("operation-added", "paged-operation-added"):
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
                yield Effect("warning", f"its rule has no field any more: {listed(ruled)}")
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
            yield Effect("warning", f"responses of compat lack it: {listed(calls)}")
