"""Findings as text, Markdown and JSON, and the draft of the changelog."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from scripts.spec_diff.judged import AUDIENCES, BUMPS, TITLES, Bump, JudgedChange, Task

SECTIONS = ("Added", "Changed", "Deprecated", "Removed")
_SHOWN = 4


class Report(NamedTuple):
    """A comparison, judged."""

    old: str
    new: str
    old_version: str
    judged: list[JudgedChange]

    @property
    def bump(self) -> Bump:
        return BUMPS[max((BUMPS.index(each.bump) for each in self.judged), default=0)]

    @property
    def next_version(self) -> str:
        """The lowest version that these changes allow, or empty if the old one is not known."""
        return bumped(self.old_version, self.bump) if self.old_version else ""

    @property
    def tasks(self) -> list[Task]:
        return sorted(dict.fromkeys(task for each in self.judged for task in each.tasks))


def bumped(version: str, bump: Bump) -> str:
    """The version after this bump. Below 1.0, where anything may change, a breaking one is the second number."""
    major, minor, patch = ([int(part) for part in re.findall(r"\d+", version)] + [0, 0])[:3]
    if bump == "none":
        return version
    if bump == "patch":
        return f"{major}.{minor}.{patch + 1}"
    if bump == "minor" or major == 0:
        return f"{major}.{minor + 1}.0"
    return f"{major + 1}.0.0"


def draft(judged: Iterable[JudgedChange]) -> str:
    """Lines for CHANGELOG.md, by section; those that break somebody come first."""
    entries = sorted({(each.rule.section, "⚠️" not in each.entry, each.entry) for each in judged if each.entry})
    blocks = []
    for section in SECTIONS:
        lines = [f"- {entry}" for name, _, entry in entries if name == section]
        if lines:
            blocks.append("\n".join([f"### {section}", "", *lines]))
    return "\n\n".join(blocks)


def as_text(report: Report) -> str:
    lines = [f"{report.old} -> {report.new}: {_count(len(report.judged), 'change')}, bump: {_bump(report)}"]
    silent = [each for each in report.judged if each.worst == "none"]
    for each in _by_severity(report.judged):
        if each in silent:
            continue
        lines += ["", f"{each.worst}: {each.rule.id}: {_title(each)}"]
        for audience in AUDIENCES:
            for effect in each.effects.get(audience, ()):
                lines.append(f"    {TITLES[audience]}: {effect.severity}: {effect.reason}")
    if silent:
        lines += ["", "none:", *(f"    {each.rule.id}: {_title(each)}" for each in silent)]
    if entries := draft(report.judged):
        lines += ["", "Draft for CHANGELOG.md:", "", *(f"    {line}".rstrip() for line in entries.splitlines())]
    if report.tasks:
        lines += ["", "Left to do here:", ""]
        lines += [f"    {task.where}: {task.text}" for task in report.tasks]
    return "\n".join(lines) + "\n"


def as_markdown(report: Report) -> str:
    lines = [f"# Changes of the API: {report.old} to {report.new}", "", f"Bump: {_bump(report)}.", ""]
    if report.judged:
        lines += [f"| Change | Rule | {' | '.join(TITLES.values())} |", "| --- | --- |" + " --- |" * len(AUDIENCES)]
        for each in _by_severity(report.judged):
            cells = [_title(each), f"`{each.rule.id}`", *(each.severity(audience) for audience in AUDIENCES)]
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
        lines += ["", "## Why", ""]
        for each in _by_severity(report.judged):
            for audience in AUDIENCES:
                for effect in each.effects.get(audience, ()):
                    lines.append(f"- {_title(each)}: {TITLES[audience]}: **{effect.severity}**: {effect.reason}")
    if entries := draft(report.judged):
        lines += ["", "## Draft for CHANGELOG.md", "", entries]
    if report.tasks:
        lines += ["", "## Left to do here", "", *(f"- [ ] `{task.where}`: {task.text}" for task in report.tasks)]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    changes = [
        {
            "rule": each.rule.id,
            "version": each.change.version,
            "name": each.change.name,
            "on": each.change.subjects,
            "old": each.change.old,
            "new": each.change.new,
            "operations": sorted({place.operation for place in each.change.places}),
            "severity": {audience: each.severity(audience) for audience in AUDIENCES},
            "reasons": {
                audience: [{"severity": effect.severity, "reason": effect.reason} for effect in effects]
                for audience, effects in each.effects.items()
            },
            "bump": each.bump,
            "changelog": each.entry,
            "left_to_do": [{"file": task.file, "line": task.line, "text": task.text} for task in each.tasks],
        }
        for each in _by_severity(report.judged)
    ]
    content = {
        "old": report.old,
        "new": report.new,
        "bump": report.bump,
        "next_version": report.next_version,
        "changes": changes,
        "changelog": draft(report.judged),
        "left_to_do": [{"file": task.file, "line": task.line, "text": task.text} for task in report.tasks],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"


FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json}


def _by_severity(judged: Iterable[JudgedChange]) -> list[JudgedChange]:
    order = ("breaking", "warning", "info", "none")
    return sorted(judged, key=lambda each: order.index(each.worst))


def _title(judged: JudgedChange) -> str:
    change = judged.change
    on = change.subjects[:_SHOWN]
    more = f" and {len(change.subjects) - _SHOWN} more" if len(change.subjects) > _SHOWN else ""
    where = f" of {', '.join(on)}{more}" if on and change.subjects != [change.name] else ""
    old, new = change.shown
    values = "" if old is None and new is None else f": {_value(old)} -> {_value(new)}"
    return f"{change.version}: {change.name}{where}{values}"


def _value(value: str | None) -> str:
    text = "nothing" if value is None else value
    return text if len(text) <= 80 else f"{text[:77]}..."


def _bump(report: Report) -> str:
    version = report.next_version
    return f"{report.bump} ({report.old_version} -> {version})" if version and report.bump != "none" else report.bump


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
