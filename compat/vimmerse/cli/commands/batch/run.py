"""``vimmerse batch run``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.commands.batch.ledgers import (
    DATABASE,
    choose,
    open_ledger,
    same_command,
    usage_errors,
)
from vimmerse.cli.commands.batch.pricing import note_copies, price_of, set_budget
from vimmerse.cli.commands.check import plural
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import DONE, NOT_SENT, USAGE
from vimmerse.cli.options import CONNECTION, JSON_OUTPUT, WAITING, YES, credits, integer_option

if TYPE_CHECKING:
    from vimmerse.batch import PlannedJob, Reader, Table
    from vimmerse.cli.commands.batch.pricing import Price

_MAX_PROBLEMS = 20
_NONE = "none"


def _budget(value: str) -> float | str:
    if value.strip().lower() == _NONE:
        return _NONE
    if credits(value) == math.inf:
        raise click.BadParameter("say none for no limit")
    return credits(value)


class _Folder(click.Path):
    """A folder, which need not exist. Empty text, as of a variable that is not set, would be the current one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("it is empty; name a folder", param, ctx)
        return super().convert(value, param, ctx)


def _http_url(value: str) -> str:
    from vimmerse.batch.runner.run import check_webhook_url

    try:
        check_webhook_url(value)
    except ValueError as error:
        raise click.BadParameter(str(error).partition(": ")[2]) from None
    return value


_OPERATIONS = ("idea", "url", "images", "media")
_BUDGET_HELP = (
    "Credits that the batch may cost, all runs together; none for no limit. Required unless the batch has a budget."
)
_CONCURRENCY_HELP = "Maximum number of jobs on the server at a time [default: 4]; with dbos, of all machines together."
_ENGINE_HELP = "local: this process. dbos: all processes that run this command on the same PostgreSQL database."
_PATIENCE_HELP = "Give up after this time of refusals in a row: no connection, or too many calls [default: 900]."
_WEBHOOK_HELP = "Your webhook receiver; each job gets an address below it."
_NAME_HELP = "The batch; each has a budget and keys of its own [default: the name of the table's file]."


@command(
    "run",
    params=[
        Argument(["path"], required=False, metavar="[TABLE]"),
        Option(["--budget"], type=_budget, metavar="N|none", help=_BUDGET_HELP),
        Option(["--download"], type=_Folder(file_okay=False), metavar="DIR", help="Save the results there."),
        integer_option("--concurrency", _CONCURRENCY_HELP),
        Option(["--operation"], type=click.Choice(_OPERATIONS), help="What rows without an operation create."),
        Option(["--encoding"], metavar="NAME", help="Of a table that is not UTF-8, such as cp1252."),
        Option(["--dry-run"], is_flag=True, help="Check and price the table. Nothing is sent or written."),
        Option(["--replace-unpaid"], is_flag=True, help="Let rows change jobs with the same key that were not paid."),
        Option(["--engine"], type=click.Choice(["local", "dbos"]), default="local", help=_ENGINE_HELP),
        Option(["--patience"], type=click.FloatRange(min=0), metavar="SECONDS", help=_PATIENCE_HELP),
        Option(["--webhook-url"], type=_http_url, metavar="URL", help=_WEBHOOK_HELP),
        YES,
        DATABASE,
        Option(["--name"], metavar="BATCH", help=_NAME_HELP),
        JSON_OUTPUT,
        *CONNECTION,
        *WAITING,
    ],
    examples=[
        "vimmerse batch run clips.csv --dry-run",
        "vimmerse batch run clips.csv --budget 5000 --download out/",
        "vimmerse batch run clips.csv --budget none --concurrency 8 --yes --json",
        "vimmerse batch run --name clips",
    ],
)
@pass_state
def run(state: State, path: str | None, location: str, **options: Any) -> int:
    """Create a story or media for each row of TABLE: CSV, JSON Lines or Excel, - for standard input.

    Each row is paid at most once, whatever happens: running the same command again continues. Without TABLE, continue
    with what is in the ledger.

    Exit code: 0 all finished, 1 some jobs failed or were refused, are ambiguous or were not downloaded, 2 the table or
    the ledger can't be used, 3 or 4 the service refuses all jobs or can't be reached, 5 not finished, 6 the budget or
    you said no.
    """
    console = state.console = Console(options["as_json"], state.secrets)
    state.job.stage = "unsent"
    state.mask_url(location)
    table = _read(path, options, console)
    with ExitStack() as opened:
        batches = _batches(opened, location, path)
        batch = _existing(batches, path, options)
        if batch is None:
            note_copies(table or (), batches, console)
        name = batch.batch if batch is not None else _name(path or "", options)
        budget = options["budget"] if batch is None or options["budget"] is not None else batch.summary().budget
        limit = None if budget == _NONE else budget
        price = price_of(table or (), batch, replace_unpaid=options["replace_unpaid"])
        set_budget(price, batch, limit)
        if batch is not None and table is not None:
            _note_others(price, batch, console)
        if options["dry_run"]:
            price.print(console)
            console.print("Nothing was sent.")
            console.print_json({"batch": name, **price.document()})
            return DONE if price.fits else NOT_SENT
    if budget is None:
        raise click.UsageError("--budget is missing: credits that this batch may cost, or none for no limit")
    if options["engine"] == "dbos" and not location.startswith("postgres"):
        text = "--engine dbos needs a ledger in PostgreSQL: VIMMERSE_DATABASE_URL, or --db postgresql://..."
        raise click.UsageError(text)
    from vimmerse.cli.commands.batch.running import ENGINES, run_batch

    engine = ENGINES[options["engine"]](state, options)
    _confirm(price, console, yes=options["yes"])
    with open_ledger(state, location, name) as ledger:
        ledger.budget = limit
        if table is not None:
            ledger.plan(_planned(table, price), replace_unpaid=options["replace_unpaid"])
        from vimmerse.batch.overview import command as command_line

        again = command_line(ledger, "run") if path == "-" or not state.arguments else same_command(state, location)
        state.job.stage = "reading"
        return run_batch(ledger, engine, options, console, again)


def _read(path: str | None, options: Mapping[str, Any], console: Console) -> Table | None:
    """Return the table, which is checked. Raises ``CommandError`` after all that is wrong with it is shown."""
    if path is None:
        return None
    from vimmerse.batch import TableError, read_table
    from vimmerse.compat.migrate.columns import V1Columns

    try:
        table = read_table(path, operation=options["operation"], translate=V1Columns(), encoding=options["encoding"])
        remarks = table.check().remarks
    except TableError as error:
        problems = error.problems[:_MAX_PROBLEMS]
        for problem in problems:
            console.note(str(problem))
        shown = f", the first {len(problems)} of them above" if error.count > len(problems) else ""
        text = f"The table can't be used: {plural(error.count, 'problem')}{shown}. Nothing was sent."
        raise CommandError(USAGE, text) from None
    except (ValueError, LookupError) as error:
        raise click.UsageError(str(error)) from None
    for remark in remarks[:_MAX_PROBLEMS]:
        console.note(str(remark))
    if len(remarks) > _MAX_PROBLEMS:
        console.note(f"and {len(remarks) - _MAX_PROBLEMS:,} more remarks")
    return table


def _batches(opened: ExitStack, location: str, path: str | None) -> list[Reader]:
    """Return the batches of the ledger. Without a table, it must exist."""
    from vimmerse.batch import LedgerNotFoundError, read_ledger

    try:
        with usage_errors():
            return opened.enter_context(read_ledger(location))
    except LedgerNotFoundError:
        if path is None:
            raise
        return []


def _existing(batches: Sequence[Reader], path: str | None, options: Mapping[str, Any]) -> Reader | None:
    """Return the batch if it exists. Without a table, it must."""
    if path is None:
        return choose(batches, options)
    name = _name(path, options)
    return next((batch for batch in batches if batch.batch == name), None)


def _name(path: str, options: Mapping[str, Any]) -> str:
    name: str = options["name"] or ("default" if path == "-" else Path(path).stem)
    return name


def _note_others(price: Price, batch: Reader, console: Console) -> None:
    """Say that a run pays for rows that were only given other keys, and for rows that are not in the table any more."""
    from vimmerse.batch.overview import command as command_line

    if price.repeated:
        what = "1 row asks" if price.repeated == 1 else f"{price.repeated:,} rows ask"
        console.note(
            f"{what} for the same as jobs of this batch that were paid under other keys, which are not in this table: "
            "they are paid again. Give the rows those keys to avoid that; a row without a key has the key that follows "
            "from its content."
        )
    if not price.others:
        return
    one = price.others == 1
    console.note(
        f"{plural(price.others, 'job')} of the ledger {'has' if one else 'have'} no row in this table: changed or "
        f"removed since, or of another table. {'It is' if one else 'They are'} sent, and paid, too. "
        f"To see {'it' if one else 'them'}: {command_line(batch, 'export', '--state', 'planned', row='-')}"
    )


def _planned(table: Table, price: Price) -> Iterator[PlannedJob]:
    """Yield the jobs of the table. In the end, raises ``CommandError`` if it is not what was priced any more."""
    rows, credits = 0, 0.0
    for row in table:
        job = row.planned()
        rows, credits = rows + 1, credits + job.estimate
        yield job
    if rows != price.rows or not math.isclose(credits, price.credits):
        raise CommandError(
            USAGE, "The table has changed since it was priced. Nothing was sent or planned: run it again."
        )


def _confirm(price: Price, console: Console, *, yes: bool) -> None:
    """Show the price and, on a terminal, ask. Raises ``CommandError`` unless the jobs may be sent."""
    if not price.to_send:
        return
    console.note(price.sentence())
    if not yes and console.can_ask and not console.confirm("Continue?"):
        raise CommandError(NOT_SENT, "Declined: nothing was sent. Use --yes to skip the question.")
