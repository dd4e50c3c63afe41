"""Writes the table of rules in docs/spec-changes.md: ``python -m scripts.spec_diff.page``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from scripts.spec_diff.catalogue import BY_ID

PAGE = Path(__file__).resolve().parents[2] / "docs" / "spec-changes.md"
START = "<!-- written by: python -m scripts.spec_diff.page -->"


def tables() -> str:
    """All rules, a table for each group."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for group, rules in groupby(BY_ID.values(), key=lambda rule: rule.group):
        yield from ("", f"### {group}", "", "| Rule | Client | Example | Why |", "| --- | --- | --- | --- |")
        for rule in rules:
            yield f"| `{rule.id}` | {rule.client} | {rule.example} | {rule.why} |"
    yield ""


def written(text: str) -> str:
    """The page with the tables of today."""
    return text.partition(START)[0] + START + "\n" + tables()


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
