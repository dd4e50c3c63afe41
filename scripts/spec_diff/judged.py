"""A change with what it means for each audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from scripts.spec_diff.catalogue import BY_ID, SEVERITIES, Rule, Severity
from scripts.spec_diff.changes import Change

Audience = Literal["v2-client", "v1-client", "compat", "jobs", "money"]
AUDIENCES: tuple[Audience, ...] = ("v2-client", "v1-client", "compat", "jobs", "money")
TITLES: dict[Audience, str] = {
    "v2-client": "v2 client",
    "v1-client": "v1 client",
    "compat": "v1 through compat",
    "jobs": "jobs",
    "money": "money",
}
Bump = Literal["major", "minor", "patch", "none"]
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
_NAMED = 6  # subjects of a line in the changelog; the rest are counted


class Effect(NamedTuple):
    """What a change means for an audience."""

    severity: Severity
    reason: str


class Task(NamedTuple):
    """What is left to do, and where."""

    file: str
    line: int  # 0: the file as a whole
    text: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass
class JudgedChange:
    """A change, its effects and what is left to do about it."""

    change: Change
    effects: dict[Audience, list[Effect]] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)

    @property
    def rule(self) -> Rule:
        return BY_ID[self.change.rule]

    def severity(self, audience: Audience) -> Severity:
        return worst(effect.severity for effect in self.effects.get(audience, ()))

    @property
    def worst(self) -> Severity:
        return worst(self.severity(audience) for audience in AUDIENCES)

    @property
    def bump(self) -> Bump:
        """How the version must grow, by Semantic Versioning."""
        level = self.worst
        if level == "breaking":
            return "major"
        if level == "none" and not self.rule.section:
            return "none"
        return "minor" if level == "warning" or self.rule.section in ("Added", "Deprecated") else "patch"

    @property
    def entry(self) -> str:
        """The line of the changelog, in the form of Stripe's; empty if users can't notice the change."""
        if not self.rule.section:
            return ""
        change, template = self.change, self.rule.entry
        if change.subjects == [change.name]:  # a model, or the body of a call
            template = template.replace("`{name}` on {on}", "{on}").replace("`{name}` of {on}", "{on}")
        old, new = change.shown
        if old is None:
            template = template.replace(" from `{old}`", "").replace(" from {old}", "")
        values = {"name": change.name, "on": _listed(change.subjects), "old": old, "new": new or "nothing"}
        advice = f"; use `{new}`" if new and self.rule.id.endswith("-deprecated") else ""
        return ("⚠️ " if self.worst == "breaking" else "") + template.format(**values) + advice


def worst(severities: Iterable[Severity]) -> Severity:
    return SEVERITIES[max(map(SEVERITIES.index, severities), default=0)]


def _listed(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names[:_NAMED]] or ["the API"]
    shown += [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
