"""``vimmerse batch``: many stories and media from a table, within a budget, each paid at most once."""

import click
from vimmerse.cli.base import Group
from vimmerse.cli.commands.batch.corrections import resolve, retry
from vimmerse.cli.commands.batch.reading import export, report, status
from vimmerse.cli.commands.batch.run import run
from vimmerse.cli.delegation import COMMANDS


@click.group(
    "batch",
    cls=Group,
    help=COMMANDS["batch"][2],
    commands=[run, status, report, resolve, retry, export],
    examples=["vimmerse batch run clips.csv --budget 5000 --download out/", "vimmerse batch status"],
)
def batch() -> None:
    """The group; its help is above."""
