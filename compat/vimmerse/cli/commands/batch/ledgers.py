"""Which ledger, batch and row a command is about."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from click.core import ParameterSource
from vimmerse.cli.base import State, passwords_of
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import USAGE

if TYPE_CHECKING:
    from vimmerse.batch import JobRecord, Ledger, Reader

_MAX_LISTED = 10


def _location(value: str) -> str:
    schemes = ("postgres:", "postgresql:", "sqlite:", "postgresql+psycopg:")
    if "://" not in value and value.lower().startswith(schemes):  # not to be taken for a file, and shown
        raise click.BadParameter("it is not a URL: postgresql://USER:PASSWORD@HOST/NAME")
    return value


def _note_password(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if any(passwords_of(value)) and context.get_parameter_source("location") is ParameterSource.COMMANDLINE:
        text = (
            "Other users of this machine can see the password in --db. Put the URL into VIMMERSE_DATABASE_URL instead; "
        )
        click.echo(f"{text}commands that are shown take it from there.", err=True)
    return value


DATABASE = Option(
    ["--db", "--database-url", "location"],
    type=_location,
    callback=_note_password,
    metavar="FILE|URL",
    envvar="VIMMERSE_DATABASE_URL",
    default="batch.sqlite",
    help="The ledger: a file of SQLite, or postgresql://USER:PASSWORD@HOST/NAME [default: the environment variable "
    "VIMMERSE_DATABASE_URL, which other users can't see; else batch.sqlite].",
)
NAME = Option(["--name"], metavar="BATCH", help="The batch [default: the only one in the ledger].")
ROW_HELP = "ROW is a key, the number of a row, or its place in the table, such as clips.csv:17."
ROW = Argument(["row"], metavar="ROW")


def same_command(state: State, location: str) -> str:
    """Return the command line of this run, without a database's URL, which may have a password."""
    words = list(state.arguments)
    if "://" in location:
        words = [word for word in words if not word.startswith(("--db=", "--database-url="))]
        while location in words:
            place = words.index(location)
            del words[max(0, place - 1) : place + 1]
    return shlex.join(["vimmerse", *words])


@contextmanager
def open_batches(state: State, location: str) -> Iterator[list[Reader]]:
    """Open a ledger that exists, only to read it."""
    state.mask_url(location)
    from vimmerse.batch import read_ledger

    with ExitStack() as opened:
        with usage_errors():
            batches = opened.enter_context(read_ledger(location))
        yield batches


@contextmanager
def open_ledger(state: State, location: str, batch: str) -> Iterator[Ledger]:
    """Open a batch to change it. It is created if it does not exist."""
    state.mask_url(location)
    from vimmerse.batch import Ledger

    with usage_errors():
        ledger = Ledger(location, batch=batch)
    with ledger:
        yield ledger


@contextmanager
def usage_errors() -> Iterator[None]:
    """Raise ``UsageError`` for an invalid location or name."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def choose(batches: Sequence[Reader], options: Mapping[str, Any]) -> Reader:
    """Return the batch with the name in the options, or the only one. Raises ``CommandError``."""
    name = options["name"]
    found = [batch for batch in batches if name in (None, batch.batch)]
    if len(found) == 1:
        return found[0]
    names = _listed([batch.batch for batch in batches])
    if not batches:
        raise CommandError(USAGE, "The ledger has no batches.")
    if found:
        raise CommandError(USAGE, f"The ledger has several batches ({names}): choose one with --name.")
    raise CommandError(USAGE, f"The ledger has no batch {name!r}; it has {names}.")


def find_job(batch: Reader, row: str) -> JobRecord:
    """Return a job by its key, the number of its row, or its place. Raises ``CommandError``."""
    from vimmerse.batch.overview import label

    job = batch.get(row)
    if job is not None:
        return job
    place = row.replace("\\", "/").rpartition("/")[2]
    number = int(row) if row.isascii() and row.isdigit() and len(row) < 10 else 0
    found = [job for job in batch.jobs() if job.place in (row, place) or (number and job.number == number)]
    if len(found) == 1:
        return found[0]
    if found:
        names = _listed([label(job) for job in found])
        raise CommandError(USAGE, f"{row} may be {names}: name the key, which is in brackets. Nothing was changed.")
    text = f"The batch {batch.batch!r} has no row {row!r}: name a key, the number of a row, or a place (clips.csv:17)."
    raise CommandError(USAGE, text)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MAX_LISTED]) + (", ..." if len(names) > _MAX_LISTED else "")
