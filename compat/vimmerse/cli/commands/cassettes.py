"""``vimmerse cassettes convert``: recorded v1 exchanges as the v2 exchanges of the compat layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from vimmerse.cli.base import Group, State, command, pass_state
from vimmerse.cli.commands.check import arrow
from vimmerse.cli.console import Console
from vimmerse.cli.exit_codes import DONE, FAILED
from vimmerse.cli.options import JSON_OUTPUT, max_credits_option, pairs_option

if TYPE_CHECKING:
    from vimmerse.compat.migrate.cassettes import CassetteReport, ConversionReport, ExchangeReport


@click.group("cassettes", cls=Group, examples=["vimmerse cassettes convert tests/cassettes --write"])
def cassettes() -> None:
    """Recorded exchanges of VCR.py, pytest-recording and Betamax."""


@command(
    "convert",
    params=[
        Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True), metavar="DIR..."),
        Option(["--write"], is_flag=True, help="Change the files. Without it, only show what would change."),
        Option(
            ["--base-url"], metavar="URL", help="Where the API is in the tests [default: https://api.vimmerse.net]."
        ),
        Option(["--mode"], type=click.Choice(["lenient", "strict"]), default="lenient", help="That of the tests."),
        pairs_option("--video-tool", metavar="V1=V2", help="The v2 name for a motion type, as in the tests."),
        pairs_option("--image-tool", metavar="V1=V2", help="The v2 name for an image option, as in the tests."),
        max_credits_option("The limit of the tests, if they have one: it needs lookups."),
        JSON_OUTPUT,
    ],
    examples=[
        "vimmerse cassettes convert tests/cassettes",
        "vimmerse cassettes convert tests/cassettes --write",
    ],
)
@pass_state
def convert_command(state: State, paths: tuple[str, ...], write: bool, as_json: bool, **options: Any) -> int:
    """Convert cassettes of v1 exchanges, so that the tests pass with the compat layer. Nothing is sent.

    Exit code: 0 nothing to do, or everything is converted (without --write: can be), 1 something is left.
    """
    from vimmerse.compat.core.policy import DEFAULT_BASE_URL, Policy
    from vimmerse.compat.migrate.cassettes import convert

    console = state.console = Console(as_json)
    try:
        policy = Policy(
            mode=options["mode"],
            base_url=options["base_url"] or DEFAULT_BASE_URL,
            video_tools=dict(options["video_tool"]),
            image_tools=dict(options["image_tool"]),
            max_credits=options["max_credits"],
            advice="flags",
        )
        report = convert(paths, policy=policy, write=write)
    except (ValueError, ImportError) as error:
        raise click.UsageError(str(error)) from None
    for cassette in report.cassettes:
        for line in _lines_of(cassette, report.written):
            console.print(line)
        for key in cassette.keys:
            console.note(
                f"{cassette.path}: exchange {key.number}: the header {key.header} seems to hold a real key. "
                "Remove it from the file, and replace the key if the file was shared"
            )
    console.print(_summary(report))
    console.print_json(report.to_dict())
    if not report.written and any(cassette.changed for cassette in report.cassettes):
        console.note("Nothing was changed; --write changes the files.")
    return DONE if report.complete else FAILED


cassettes.add_command(convert_command)


def _lines_of(cassette: CassetteReport, written: bool) -> Iterator[str]:
    if cassette.problem:
        yield f"{cassette.path}: left: {cassette.problem}"
        return
    outcome = ("converted" if written else "would be converted") if cassette.changed else "unchanged"
    yield f"{cassette.path}: {outcome}"
    for exchange in cassette.exchanges:
        yield from _exchange_lines(exchange)


def _exchange_lines(exchange: ExchangeReport) -> Iterator[str]:
    title = f"    {exchange.number} {exchange.call}".rstrip()
    if exchange.outcome == "left":
        yield f"{title}: left: {exchange.reason}"
    elif exchange.outcome == "unchanged":
        yield f"{title}: unchanged"
    else:
        yield f"{title} {arrow()} {', '.join(exchange.requests)}"
    for field, why in exchange.lost:
        yield f"        differs: {field}: {why}"
    if exchange.kept:
        yield f"        kept, although v2 does not return it: {', '.join(exchange.kept)}"


def _summary(report: ConversionReport) -> str:
    counts = dict.fromkeys(("converted", "unchanged", "left"), 0)
    for cassette in report.cassettes:
        for exchange in cassette.exchanges:
            counts[exchange.outcome] += 1
    unreadable = sum(bool(cassette.problem) for cassette in report.cassettes)
    numbers = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    return f"v1 exchanges: {numbers}; files that can't be converted: {unreadable}"
