"""A report as workflow commands of GitHub Actions, which become annotations of the changed files."""

from __future__ import annotations

from collections.abc import Iterator

from vimmerse.compat.migrate.check.findings import CheckReport
from vimmerse.compat.migrate.check.kinds import Severity
from vimmerse.compat.migrate.check.paths import relative_path

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def to_commands(report: CheckReport, root: str) -> Iterator[str]:
    """One command for each place. Paths are relative to ``root``, the root of the repository."""
    for result in report.results():
        properties = {
            "file": relative_path(result.path, root),
            "line": result.line,
            "col": result.column,
            "title": f"{result.kind.title} ({result.kind.id})",
        }
        shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
        yield f"::{_COMMANDS[result.kind.severity]} {shown}::{_message(chr(10).join([result.text, *result.details]))}"
    for remark in report.remarks:
        if remark.kind == "unreadable":
            yield f"::error file={_property(relative_path(remark.path, root))}::{_message(remark.text)}"


# As `escapeData` and `escapeProperty` of GitHub's toolkit (packages/core/src/command.ts).


def _message(text: str) -> str:
    # Other control characters are none of the log's.
    text = "".join(char if char.isprintable() or char in "\r\n" else "?" for char in text)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
