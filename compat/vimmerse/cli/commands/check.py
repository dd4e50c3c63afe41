"""``vimmerse check``: the v1 calls in source files, and what becomes of each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.console import Console
from vimmerse.cli.exit_codes import DONE, FAILED, USAGE
from vimmerse.cli.options import JSON_OUTPUT

if TYPE_CHECKING:
    from vimmerse.compat.migrate.check import CheckReport, Finding, Problem, Remark

_MAX_LINES = 10  # line numbers shown for one remark


_FORMATS = ("text", "json", "sarif", "github", "html")
_FORMAT = click.Option(
    ["--format"],
    type=click.Choice(_FORMATS),
    help="text for people [default], json for programs, sarif for code scanning, github for annotations in GitHub "
    "Actions, html for a page that a team can read.",
)


@command(
    "check",
    params=[click.Argument(["paths"], nargs=-1, required=True, type=click.Path()), _FORMAT, JSON_OUTPUT],
    examples=[
        "vimmerse check .",
        "vimmerse check src/ scripts/upload.sh --json",
        "vimmerse check . --format sarif > vimmerse.sarif",
    ],
)
@pass_state
def check_command(state: State, paths: tuple[str, ...], format: str | None, as_json: bool) -> int:
    """Find v1 calls in source files; show the v2 form of each, and what is lost. No code is run.

    Exit code: 0 no v1 calls, 1 there are v1 calls or problems, 2 a path can't be read (whatever else was found).
    """
    from vimmerse.compat.migrate.check import check

    if as_json and format not in (None, "json"):
        raise click.UsageError(f"--json is --format json; it can't be combined with --format {format}")
    format = "json" if as_json else format or "text"
    console = state.console = Console(format == "json")
    with console.file_progress("Searching") as progress:
        report = check(paths, progress=progress)
    _print(report, format, console)
    for line in remark_lines(report.remarks):
        console.note(line)
    if report.findings:
        console.note("To run these programs unmodified: vimmerse run PROGRAM; other languages: vimmerse serve")
    if report.unreadable:  # calls may be missing in the report
        return USAGE
    return FAILED if report.findings or report.problems else DONE


def _print(report: CheckReport, format: str, console: Console) -> None:
    match format:
        case "json":
            console.print_json(report.to_dict())
        case "sarif":
            import json

            from vimmerse.compat.migrate.check.sarif import to_sarif

            click.echo(json.dumps(to_sarif(report, os.getcwd()), indent=2))
        case "html":
            from vimmerse.compat.migrate.check.page import to_html

            click.echo(to_html(report))
        case "github":
            from vimmerse.compat.migrate.check.github import to_commands

            for line in to_commands(report, os.getcwd()):
                click.echo(line)
            console.print(_summary(report))
        case _:
            places: list[Finding | Problem] = [*report.findings, *report.problems]
            for each in sorted(places, key=lambda each: (each.path, each.cell, each.line, each.column)):
                for line in _lines_of(each):
                    console.print(line)
            console.print(_summary(report))


def _lines_of(finding: Finding | Problem) -> Iterator[str]:
    from vimmerse.compat.migrate.check import Problem

    if isinstance(finding, Problem):
        yield f"{finding.place} {finding.kind}: {finding.text}"
        return
    yield f"{finding.place} {finding.v1} {arrow()} {finding.v2_text}"
    for detail in finding.details():
        yield f"    {detail}"


def arrow() -> str:
    return "→" if "utf" in (sys.stdout.encoding or "").lower() else "->"


def _summary(report: CheckReport) -> str:
    numbers = report.summary()
    files = plural(numbers["files"], "file")
    noun = "other problem" if report.findings else "problem"
    problems = f" {plural(numbers['problems'], noun)}." if report.problems else ""
    if not report.findings:
        return f"No v1 calls in {files}.{problems}"
    return (
        f"{plural(numbers['calls'], 'v1 call')} in {numbers['files_with_calls']} of {files}: "
        f"{numbers['lossy']} with losses, {numbers['stays_on_v1']} that only v1 can make.{problems}"
    )


def plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def remark_lines(all_remarks: Sequence[Remark]) -> Iterator[str]:
    """Yield a line for each remark; equal remarks of a file share one."""
    for (path, kind, text), remarks in groupby(all_remarks, lambda each: (each.source, each.kind, each.text)):
        lines = [str(remark.line) for remark in remarks if remark.line]
        more = f" (and {len(lines) - _MAX_LINES} more)" if len(lines) > _MAX_LINES else ""
        yield f"{':'.join([path, ','.join(lines[:_MAX_LINES])]).rstrip(':')}: {kind}: {text}{more}"
