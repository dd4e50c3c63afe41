"""A change with what it means for each audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from scripts.spec_diff.catalogue import BY_ID, SEVERITIES, Rule, Severity
from scripts.spec_diff.changes import Change, differing

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
        change = self.change
        on = _listed(change.subjects, marked="`{on}`" not in self.rule.entry)
        mark = "⚠️ " if self.worst == "breaking" else ""
        old, new = map(_shown, differing(change.old, change.new))
        values = {"name": change.name, "on": on, "old": old, "new": new}
        return mark + self.rule.entry.format(**values)


def worst(severities: Iterable[Severity]) -> Severity:
    return SEVERITIES[max(map(SEVERITIES.index, severities), default=0)]


def _listed(names: list[str], *, marked: bool) -> str:
    shown = [f"`{name}`" if marked else name for name in names] or ["the API"]
    glue = "`, `" if not marked else ", "
    last = "` and `" if not marked else " and "
    return last.join(filter(None, [glue.join(shown[:-1]), shown[-1]]))


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
