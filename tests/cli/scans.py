"""Checks of single files."""

from __future__ import annotations

from pathlib import Path

from vimmerse.compat.migrate.check import CheckReport, Finding, check


def of(tmp_path: Path, name: str, text: str | bytes) -> CheckReport:
    """The report of one file."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check([path])


def calls(report: CheckReport) -> list[str]:
    """The v1 calls, by method and path."""
    return [finding.v1 for finding in report.findings]


def notes(finding: Finding) -> list[tuple[str, str]]:
    """The kinds and fields of the notes of a call."""
    return [(note.kind, note.field) for note in finding.notes]
