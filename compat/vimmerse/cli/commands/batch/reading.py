"""``vimmerse batch status``, ``report`` and ``export``: what is in the ledger. Nothing is sent or changed."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from vimmerse.batch.states import State as JobState
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.commands.batch.ledgers import DATABASE, NAME, choose, open_batches
from vimmerse.cli.commands.batch.texts import document, numbers_line, print_overview, states_line
from vimmerse.cli.commands.check import plural
from vimmerse.cli.console import Console
from vimmerse.cli.options import JSON_OUTPUT, OVERWRITE

if TYPE_CHECKING:
    from vimmerse.batch import Reader


@command(
    "status",
    params=[DATABASE, NAME, JSON_OUTPUT],
    examples=["vimmerse batch status", "vimmerse batch status --name clips --json"],
)
@pass_state
def status(state: State, location: str, as_json: bool, **options: Any) -> None:
    """Show how far the batches are. Nothing is changed."""
    console = state.console = Console(as_json, state.secrets)
    with open_batches(state, location) as batches:
        shown = batches if options["name"] is None else [choose(batches, options)]
        summaries = [batch.summary() for batch in shown]
        if not shown:
            console.print("The ledger has no batches.")
    for summary in summaries:
        console.print(f"{summary.batch}: {states_line(summary)}")
        console.print(f"  {numbers_line(summary)}")
    console.print_json({"batches": [document(summary) for summary in summaries]})


@command(
    "report",
    params=[
        Option(["--html", "as_html"], is_flag=True, help="Write one page with every job, which needs no other file."),
        Option(
            ["-o", "--output", "path"],
            type=click.Path(dir_okay=False, allow_dash=True),
            metavar="FILE",
            help="Of the page [default: -, standard output].",
        ),
        OVERWRITE,
        DATABASE,
        NAME,
        JSON_OUTPUT,
    ],
    examples=["vimmerse batch report", "vimmerse batch report --html -o report.html"],
)
@pass_state
def report(
    state: State, location: str, as_html: bool, path: str | None, overwrite: bool, as_json: bool, **options: Any
) -> None:
    """Show the jobs by state, and what those need that are not finished. Nothing is changed."""
    if as_html and as_json:
        raise click.UsageError("--html can't be combined with --json")
    if path is not None and not as_html:
        raise click.UsageError("--output is the file of --html")
    console = state.console = Console(as_json, state.secrets)
    with open_batches(state, location) as batches:
        batch = choose(batches, options)
        if as_html:
            _write_page(batch, path, console, overwrite=overwrite)
        else:
            console.print_json(print_overview(batch, console))


def _write_page(batch: Reader, path: str | None, console: Console, *, overwrite: bool) -> None:
    from vimmerse.batch.exporting import new_file
    from vimmerse.batch.report import html_report

    if path in (None, "-"):
        for piece in html_report(batch):
            click.echo(piece, nl=False)
        return
    try:
        with new_file(path, overwrite=overwrite) as write:
            for piece in html_report(batch):
                write(piece.encode())
    except FileExistsError:
        raise _exists(path) from None
    console.print(f"Saved {path} ({Path(path).stat().st_size:,} bytes)")


def _exists(path: str) -> click.UsageError:
    return click.UsageError(f"{path} already exists: choose another file, or use --overwrite")


_STATES = Option(
    ["--state", "states"],
    type=click.Choice([state.value for state in JobState]),
    multiple=True,
    help="Only jobs in this state. Repeat it for more.",
)


@command(
    "export",
    params=[
        Argument(["path"], type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE"),
        _STATES,
        OVERWRITE,
        DATABASE,
        NAME,
    ],
    examples=[
        "vimmerse batch export results.csv",
        "vimmerse batch export problems.xlsx --state failed --state refused",
    ],
)
@pass_state
def export(state: State, path: str, states: tuple[str, ...], overwrite: bool, location: str, **options: Any) -> None:
    """Write the jobs to FILE as a table: .csv, .jsonl or .xlsx; - is CSV on standard output.

    Texts that a spreadsheet would take for formulas are made harmless.
    """
    console = state.console = Console(False, state.secrets)
    with open_batches(state, location) as batches:
        from vimmerse.batch.exporting import export as write_table
        from vimmerse.batch.exporting import write_csv

        jobs = choose(batches, options).jobs(*[JobState(each) for each in states])
        if path == "-":
            # In UTF-8, as a file: a key that is escaped or replaced would name no job.
            buffer = getattr(sys.stdout, "buffer", None)
            write_csv(jobs, sys.stdout if buffer is None else codecs.getwriter("utf-8")(buffer))
            return
        try:
            count = write_table(jobs, path, overwrite=overwrite)
        except FileExistsError:
            raise _exists(path) from None
        except ValueError as error:
            raise click.UsageError(f"{path}: {error}") from None
    console.print(f"Saved {path} ({plural(count, 'job')})")
