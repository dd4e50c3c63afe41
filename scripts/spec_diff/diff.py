"""All changes between two sides, judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.spec_diff.changes import Change
from scripts.spec_diff.compare import changes
from scripts.spec_diff.impact import Judge
from scripts.spec_diff.judged import Audience, Effect, JudgedChange
from scripts.spec_diff.mentions import Mentions
from scripts.spec_diff.renames import moved_to
from scripts.spec_diff.report import Report
from scripts.spec_diff.shapes import InvalidSpec, Spec, paths
from scripts.spec_diff.sources import Failure, Repository, Side, first_fault
from scripts.spec_diff.work import tasks

Specs = Mapping[str, Spec]


def compare_sides(old: Side, new: Side, root: Path) -> Report:
    """All changes between two sides, judged by the code in ``root``.

    Raises:
        Failure: The sides have no version of the API in common, or one of them is not valid.
    """
    try:
        return _compared(old, new, root)
    except (AttributeError, KeyError, TypeError, ValueError):
        for side in (old, new):
            for version, document in side.documents.items():
                if fault := first_fault(document):
                    raise Failure(f"{side.name}, {version}, is not valid OpenAPI: {fault}") from None
        raise


def _compared(old: Side, new: Side, root: Path) -> Report:
    olds, news = (_specs(side) for side in (old, new))
    if old.changelog and new.changelog:
        return Report(old.name, new.name, old.version, findings(olds, news, Mentions(root)))
    # A file is one version. What v1 programs know, and what v2 has, is in the working tree.
    common = [version for version in olds if version in news]
    if not common:
        versions = f"{old.name} is {', '.join(olds)} of the API, and {new.name} is {', '.join(news)}"
        raise Failure(f"{versions}: name the same version twice")
    current = _specs(Repository(root).side(""))
    olds, news = ({**current, **{version: side[version] for version in common}} for side in (olds, news))
    return Report(old.name, new.name, old.version, findings(olds, news, Mentions(root)))


def _specs(side: Side) -> dict[str, Spec]:
    specs = {}
    for version, document in side.documents.items():
        try:
            specs[version] = Spec(version, document)
        except InvalidSpec as error:
            raise Failure(f"{side.name}, {version}: {error}") from None
    return specs


def findings(old: Specs, new: Specs, mentions: Mentions) -> list[JudgedChange]:
    """The changes of all versions, judged, with what is left to do."""
    judge = Judge(old, new, mentions)
    found: list[Change] = []
    for version in sorted({*old, *new}):
        if version not in old or version not in new:
            rule = "spec-added" if version in new else "spec-removed"
            found.append(Change(rule, version, version, ["the API"]))
        elif old[version] is not new[version]:
            found += changes(old[version], new[version])
    judged = [judge.judge(change) for change in found]
    for each in judged:
        audience: Audience = "v1-client" if each.change.version == "v1" else "v2-client"
        if places := list(moved_to(each.change, found)):
            each.effects.setdefault(audience, []).append(Effect("info", f"it may have moved to {' and '.join(places)}"))
    for each in judged:
        spec = new.get(each.change.version)
        is_elsewhere = spec is not None and _has_field(spec, each.change)
        each.tasks = list(dict.fromkeys(tasks(each, mentions, is_elsewhere)))
    return judged


def _has_field(spec: Spec, change: Change) -> bool:
    """Whether calls that a change does not concern have a field of the same name, in the same direction."""
    concerned = {place.operation for place in change.places}
    is_request = any(place.direction == "request" for place in change.places)
    return any(
        name.rpartition(".")[2] == change.name
        for call in spec.calls.values()
        if call.key not in concerned
        for shape in (call.bodies.values() if is_request else filter(None, [call.success()]))
        for name in paths(shape)
    )
