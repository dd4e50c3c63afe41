"""``vimmerse check``: the v1 calls of a source tree, and what becomes of each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click
from vimmerse.cli import command
from vimmerse.cli.command import Command, Group, State
from vimmerse.cli.outcome import DONE, FAILED, USAGE
from vimmerse.cli.screen import Screen

if TYPE_CHECKING:
    from vimmerse.compat.migrate.check import CheckReport, Finding

_SHOWN = 10  # lines of one remark
_UNKNOWN = {
    "some": "note: not all of its fields are known without running the program",
    "unknown": "note: its fields are not known without running the program",
}


@click.command(
    "check",
    cls=Command,
    help="Find the v1 calls of source files; say what each becomes in v2, and what is lost. Nothing is run.\n\n"
    "Exit code: 0 no v1 calls, 1 there are some, 2 a path can't be read.",
    examples=["vimmerse check .", "vimmerse check src/ scripts/upload.sh --json"],
)
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@command.as_json
@click.pass_obj
def check_command(state: State, /, paths: tuple[str, ...], as_json: bool) -> int:
    from vimmerse.compat.migrate.check import check

    screen = state.screen = Screen(as_json)
    report = check(paths)
    for line in lines(report):
        screen.say(line)
    for line in remarks(report):
        screen.note(line)
    if report.findings:
        screen.note("To run these programs as they are: vimmerse run PROGRAM; other languages: vimmerse serve")
    screen.document(report.to_dict())
    if report.findings:
        return FAILED
    return USAGE if report.unreadable else DONE


def lines(report: CheckReport) -> Iterator[str]:
    """The report for people."""
    for finding in report.findings:
        yield from _lines_of(finding)
    numbers = report.summary()
    files = f"{numbers['files']} {_plural(numbers['files'], 'file')}"
    if not report.findings:
        yield f"No v1 calls in {files}."
        return
    calls = f"{numbers['calls']} v1 {_plural(numbers['calls'], 'call')}"
    yield (
        f"{calls} in {numbers['files_with_calls']} of {files}; "
        f"something is lost in {numbers['lossy']}, v1 alone can do {numbers['stays_on_v1']}."
    )


def remarks(report: CheckReport) -> Iterator[str]:
    """What else there is to know; of a file's addresses that are not known, one line for all."""
    for (path, kind, text), group in groupby(report.remarks, lambda each: (each.path, each.kind, each.text)):
        numbers = [str(remark.line) for remark in group if remark.line]
        more = f" (and {len(numbers) - _SHOWN} more)" if len(numbers) > _SHOWN else ""
        yield f"{':'.join([path, ','.join(numbers[:_SHOWN])]).rstrip(':')}: {kind}: {text}{more}"


def _plural(number: int, word: str) -> str:
    return word if number == 1 else f"{word}s"


def _lines_of(finding: Finding) -> Iterator[str]:
    from vimmerse.compat.migrate.check.findings import LABELS

    to = " or ".join(each or "v1, unchanged" for each in finding.v2)
    if finding.stays:
        to = "v1, unchanged"
    yield f"{finding.place} {finding.v1} {_arrow()} {to}"
    for note in finding.notes:
        yield f"    {LABELS[note.kind]}: {note.text}"
    if finding.fields in _UNKNOWN:
        yield f"    {_UNKNOWN[finding.fields]}"


def _arrow() -> str:
    try:
        "→".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "->"
    return "→"


def add_to(cli: Group) -> None:
    """Add this command."""
    cli.add_command(check_command)
