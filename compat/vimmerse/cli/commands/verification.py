"""``vimmerse migrate --verify``: the proof that a migrated program sends the same requests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click import Option
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import USAGE

if TYPE_CHECKING:
    from vimmerse.compat.migrate import Migration, VerifyReport

OPTIONS = (
    Option(
        ["--verify"],
        metavar="COMMAND",
        help="Run COMMAND (a line for the shell) on copies of the program before and after, with an emulator, and "
        "compare the v2 requests that are sent. With --write, files are changed only if nothing differs.",
    ),
    Option(
        ["--verify-timeout"],
        type=click.FloatRange(min=0, min_open=True),
        default=600.0,
        metavar="SECONDS",
        help="How long each of these runs may take [default: 600].",
    ),
    Option(["--verify-wait"], is_flag=True, help="Let the program's own sleeps take their time in these runs."),
)


def verify_migration(
    migration: Migration, paths: Sequence[str], command: str, *, timeout: float, wait: bool, console: Console
) -> VerifyReport | None:
    """Verify a migration; None if it changes nothing, so that there is nothing to verify."""
    if not migration.changes:
        console.note("Nothing is rewritten: there is nothing to verify.")
        return None
    from vimmerse.compat.migrate import VerifyError, verify

    try:
        return verify(
            _root(paths),
            migration.changes,
            migration.places,
            command,
            timeout=timeout,
            shorten_sleeps=not wait,
            on_progress=lambda text: console.note(f"{text}..."),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except VerifyError as error:
        for line in error.details:
            console.note(f"    {line}")
        raise CommandError(USAGE, f"--verify: {error}") from None


def _root(paths: Sequence[str]) -> Path:
    """The folder of the program, which is copied: the current one, unless that is no program's or has not all paths."""
    resolved = [Path(path).resolve() for path in paths]
    common = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in resolved]))
    current = Path.cwd().resolve()
    is_above_all = Path.home().resolve().is_relative_to(current) or current == Path(tempfile.gettempdir()).resolve()
    return common if is_above_all or not common.is_relative_to(current) else current


def print_proof(proof: VerifyReport, *, to_stderr: bool) -> None:
    """Print a report, with the spaces of its diffs. Nothing in it may move the cursor of a terminal."""
    for line in proof.lines():
        click.echo("".join(char if char.isprintable() else "\ufffd" for char in line), err=to_stderr)
