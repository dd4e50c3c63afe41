"""``vimmerse check``: the v1 calls in source files, and what becomes of each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.console import Console
from vimmerse.cli.exit_codes import DONE, FAILED, USAGE
from vimmerse.cli.options import JSON_OUTPUT

if TYPE_CHECKING:
    from vimmerse.compat.migrate.check import CheckReport, Finding

_MAX_LINES = 10  # line numbers shown for one remark


@command(
    "check",
    params=[click.Argument(["paths"], nargs=-1, required=True, type=click.Path()), JSON_OUTPUT],
    examples=["vimmerse check .", "vimmerse check src/ scripts/upload.sh --json"],
)
@pass_state
def check_command(state: State, paths: tuple[str, ...], as_json: bool) -> int:
    """Find v1 calls in source files; show the v2 form of each, and what is lost. No code is run.

    Exit code: 0 no v1 calls, 1 there are v1 calls, 2 a path can't be read.
    """
    from vimmerse.compat.migrate.check import check

    console = state.console = Console(as_json)
    report = check(paths)
    for finding in report.findings:
        for line in _lines_of(finding):
            console.print(line)
    console.print(_summary(report))
    for line in _remarks(report):
        console.note(line)
    console.print_json(report.to_dict())
    if report.findings:
        console.note("To run these programs unmodified: vimmerse run PROGRAM; other languages: vimmerse serve")
        return FAILED
    return USAGE if report.unreadable else DONE


def _lines_of(finding: Finding) -> Iterator[str]:
    from vimmerse.compat.migrate.check.findings import LABELS

    v2 = "v1, unchanged" if finding.stays else " or ".join(operation or "v1, unchanged" for operation in finding.v2)
    yield f"{finding.place} {finding.v1} {arrow()} {v2}"
    for note in finding.notes:
        yield f"    {LABELS[note.kind]}: {note.text}"
    if finding.fields in ("some", "unknown"):
        yield f"    note: {'some of ' if finding.fields == 'some' else ''}its fields are known only at run time"


def arrow() -> str:
    return "→" if "utf" in (sys.stdout.encoding or "").lower() else "->"


def _summary(report: CheckReport) -> str:
    numbers = report.summary()
    files = _plural(numbers["files"], "file")
    if not report.findings:
        return f"No v1 calls in {files}."
    return (
        f"{_plural(numbers['calls'], 'v1 call')} in {numbers['files_with_calls']} of {files}; "
        f"something is lost in {numbers['lossy']}, v1 alone can do {numbers['stays_on_v1']}."
    )


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _remarks(report: CheckReport) -> Iterator[str]:
    """Yield a line for each remark; equal remarks of a file share one."""
    for (path, kind, text), remarks in groupby(report.remarks, lambda each: (each.path, each.kind, each.text)):
        lines = [str(remark.line) for remark in remarks if remark.line]
        more = f" (and {len(lines) - _MAX_LINES} more)" if len(lines) > _MAX_LINES else ""
        yield f"{':'.join([path, ','.join(lines[:_MAX_LINES])]).rstrip(':')}: {kind}: {text}{more}"
