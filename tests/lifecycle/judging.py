"""What scripts/spec-diff says about an edit of the specs."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache

from scripts.spec_diff.diff import findings
from scripts.spec_diff.judged import AUDIENCES, JudgedChange
from scripts.spec_diff.mentions import Mentions
from scripts.spec_diff.shapes import Spec
from tests.lifecycle.changes import Specs
from tests.specs.spec import HOME, load

MENTIONS = Mentions(HOME)


@cache
def base() -> dict[str, Spec]:
    return {version: Spec(version, load(version)) for version in ("v1", "v2")}


def changed(edit: Callable[[Specs], object]) -> list[JudgedChange]:
    """What is found after an edit of the specs."""
    specs = {version: deepcopy(load(version)) for version in ("v1", "v2")}
    edit(specs)
    same = {version: base()[version] for version in ("v1", "v2") if specs[version] == load(version)}
    return findings(
        base(), {version: same.get(version) or Spec(version, each) for version, each in specs.items()}, MENTIONS
    )


once = cache(changed)  # for what several tests look at


def severities(judged: JudgedChange) -> str:
    """The severity for each audience, in the order v2 client, v1 client, compat, jobs, money."""
    return " ".join(judged.severity(audience) for audience in AUDIENCES)


def noticed(edit: Callable[[Specs], object]) -> list[tuple[str, str]]:
    """The rules of the changes that somebody can notice, with their severities."""
    return [(each.rule.id, severities(each)) for each in changed(edit) if each.worst != "none"]
