"""``vimmerse migrate``: Python code for v1 rewritten for v2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.commands import verification
from vimmerse.cli.commands.check import plural, remark_lines
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError
from vimmerse.cli.exit_codes import DONE, FAILED, USAGE
from vimmerse.cli.options import JSON_OUTPUT

if TYPE_CHECKING:
    from vimmerse.compat.migrate import Migration
    from vimmerse.compat.migrate.rewrite.places import Target

_STYLES: Mapping[str, Mapping[str, Any]] = {
    "+++": {"bold": True},
    "---": {"bold": True},
    "@": {"fg": "cyan"},
    "+": {"fg": "green"},
    "-": {"fg": "red"},
}
_NOT_PROVED = "Nothing was written, because something differs."


@command(
    "migrate",
    params=[
        Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True), metavar="PATH..."),
        Option(["--diff"], is_flag=True, help="Show what would change, and change nothing [default]."),
        Option(["--write"], is_flag=True, help="Change the files."),
        Option(
            ["--to", "target"],
            type=click.Choice(["http", "typed"]),
            default="http",
            help="What calls become: http, calls of the v2 JSON API by the program's own HTTP library [default]; "
            "typed, calls of vimmerse.v2.Vimmerse.",
        ),
        Option(
            ["--allow-dirty"],
            is_flag=True,
            help="Write also files that git could not restore: with uncommitted changes, or in no git work tree.",
        ),
        *verification.OPTIONS,
        Option(["--format"], type=click.Choice(["text", "json"]), help="text for people [default], json for programs."),
        JSON_OUTPUT,
    ],
    examples=[
        "vimmerse migrate .",
        "vimmerse migrate src/ tests/ --write",
        "vimmerse migrate make_video.py --to typed",
        "vimmerse migrate . > v2.patch",
        "vimmerse migrate . --verify 'pytest -q'",
    ],
)
@pass_state
def migrate_command(
    state: State,
    paths: tuple[str, ...],
    diff: bool,
    write: bool,
    target: Target,
    allow_dirty: bool,
    verify: str | None,
    verify_timeout: float,
    verify_wait: bool,
    format: str | None,
    as_json: bool,
) -> int:
    """Rewrite v1 calls in Python code, and what reads their responses, for v2. No code is run without --verify.

    Standard output has the diff; the report goes to standard error. With --write, standard output has the report.

    Exit code: 0 everything is rewritten (without --write: can be) or there is nothing to do, 1 something needs review
    or is left, 2 a path can't be read or parsed, or nothing was written. With --verify: 0 nothing differs, 1 something
    differs, 2 also if nothing could be compared.
    """
    from vimmerse.compat.migrate import DirtyTreeError, WriteError, migrate

    if diff and write:
        raise click.UsageError("--diff can't be combined with --write")
    if as_json and format == "text":
        raise click.UsageError("--json is --format json; it can't be combined with --format text")
    console = state.console = Console(as_json or format == "json")
    try:
        with console.file_progress("Migrating") as progress:
            migration = migrate(paths, target=target, progress=progress)
        proof = None
        if verify is not None:
            proof = verification.verify_migration(
                migration, paths, verify, timeout=verify_timeout, wait=verify_wait, console=console
            )
        if write and (proof is None or proof.same):
            migration.write(allow_dirty=allow_dirty)
            migration = replace(migration, written=True)
    except ImportError as error:
        if "pip install" not in str(error):
            raise
        raise click.UsageError(str(error)) from None
    except WriteError as error:
        for line in (*(f"{path}: written" for path in error.written), *error.reasons):
            console.note(line)
        hint = ": commit them first, or use --allow-dirty" if isinstance(error, DirtyTreeError) else ""
        raise CommandError(USAGE, f"{error}{hint}") from None
    for line in remark_lines(migration.remarks):
        console.note(line)
    if console.as_json:
        console.print_json(migration.to_dict() | ({"verification": proof.to_dict()} if proof is not None else {}))
    else:
        if diff or not (migration.written or proof):
            _print_diff(migration, console)
        for line in _report(migration):
            (console.print if migration.written else console.note)(line)
        if proof is not None:
            verification.print_proof(proof, to_stderr=diff)
    for line in (
        _next_steps(migration, is_proved=proof is not None) if not write or migration.written else [_NOT_PROVED]
    ):
        console.note(line)
    if migration.unreadable:
        return USAGE
    return DONE if (migration.complete if proof is None else proof.same) else FAILED


def _print_diff(migration: Migration, console: Console) -> None:
    for path in migration.changes:
        diff = migration.diff(path)
        if not console.shows_colors:
            click.echo(diff, nl=False)  # the bytes of the file, for `git apply`
            continue
        for line in diff.decode("utf-8", "replace").removesuffix("\n").split("\n"):
            style = next((style for start, style in _STYLES.items() if line.startswith(start)), {})
            # A terminal must not follow control characters that are in a file.
            text = "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in line.rstrip("\r"))
            click.echo(click.style(text, **style), color=True)


def _report(migration: Migration) -> Iterator[str]:
    for place in migration.places:
        if place.state != "rewritten":
            call = f" {place.operation}:" if place.operation else ""
            yield f"{place.position}: {place.state}:{call} {place.text} See {place.page}"
    for operation, counts in migration.by_operation().items():
        yield f"    {operation}: {_counts({state: count for state, count in counts.items() if count})}"
    files = plural(migration.files, "file")
    if not migration.places:
        yield f"There is nothing to migrate in {files}."
        return
    summary = migration.summary()
    of_files = f"{len({place.path for place in migration.places})} of {files}"
    total = _counts({state: summary[state] for state in ("rewritten", "needs_review", "left")})
    yield f"{plural(len(migration.places), 'place')} in {of_files}: {total}."


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items())


def _next_steps(migration: Migration, *, is_proved: bool) -> Iterator[str]:
    from vimmerse.compat.migrate.rewrite.places import LEFT_ON_V1

    files = plural(len(migration.changes), "file")
    if migration.changes and not migration.written:
        first = "" if is_proved else " Before that, --verify COMMAND shows whether it sends the same requests."
        yield f"Nothing was changed; --write changes {files}.{first}"
    elif migration.changes:
        yield f"Changed {files}. Next: run the tests of the program."
    if migration.written and not migration.complete:
        yield "The comments that begin with '# vimmerse migrate:' say what is left to do."
    if migration.changes and {"left", "rewritten"} <= {place.state for place in migration.places}:
        yield f"{LEFT_ON_V1} Rewrite them, or keep the compat layer until they are (vimmerse run)."
