"""``vimmerse batch``: many stories and media from a table, within a budget, each paid at most once."""

import click
from vimmerse.cli.base import Group
from vimmerse.cli.commands.batch.corrections import resolve, retry
from vimmerse.cli.commands.batch.reading import export, report, status
from vimmerse.cli.delegation import COMMANDS


@click.group(
    "batch",
    cls=Group,
    help=COMMANDS["batch"][2],
    commands=[status, report, resolve, retry, export],
    examples=["vimmerse batch status", "vimmerse batch report --html -o report.html"],
)
def batch() -> None:
    """The group; its help is above."""
