"""Whether changed specs have their lines in CHANGELOG.md, and the version that they need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.spec_diff.judged import JudgedChange
from scripts.spec_diff.report import Report, bumped
from scripts.spec_diff.sources import Side


def problems(report: Report, old: Side, new: Side, *, is_released: bool) -> Iterator[str]:
    """What is missing, one sentence each. ``is_released``: whether the old side's version is on the index."""
    written = new_lines(old.changelog, new.changelog)
    for each in report.judged:
        if each.entry and not is_described(each, written):
            yield (
                f"CHANGELOG.md has no new line about this change, which would name "
                f"{' and '.join(f'`{name}`' for name in names_of(each))}: {each.entry}"
            )
    if not is_released or not old.version or report.bump == "none":
        return
    needed = bumped(old.version, report.bump)
    if _numbers(new.version) < _numbers(needed):
        reason = next(each for each in report.judged if each.bump == report.bump)
        yield (
            f"pyproject.toml has version {new.version}; {old.version} is released, and {reason.rule.id} of "
            f"{reason.change.name} needs {needed} ({report.bump}). Set it, then run scripts/regenerate"
        )


def new_lines(old: str, new: str) -> str:
    """The lines of a changelog that an older one does not have."""
    known = set(old.splitlines())
    return "\n".join(line for line in new.splitlines() if line not in known)


def is_described(judged: JudgedChange, written: str) -> bool:
    """Whether each name of a change occurs in the new lines. An English word must be marked as code."""
    code = " ".join(re.findall(r"`([^`\n]+)`", written))
    return all(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code if re.fullmatch("[A-Z]?[a-z]+", word) else written)
        for word in names_of(judged)
    )


def names_of(judged: JudgedChange) -> list[str]:
    """The names without which a line does not describe a change."""
    change = judged.change
    names = [change.name]
    if change.rule.endswith(("-renamed", "-path-changed", "-status-changed")):
        names = [str(change.old), str(change.new)]
    elif change.rule in ("security-changed", "security-alternative-added"):
        names = change.subjects[:1]
    elif change.rule in ("server-changed", "security-scheme-changed", "api-version-changed"):
        names = re.findall(r"[\w.:/-]*\w", str(change.new))[-1:]  # a URL, a header, a version
    return [name.rpartition(".")[2] if name.startswith("client.") else name.removesuffix("[]") for name in names]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.split("+")[0])[:3])
