"""Output: results, notes, progress and questions.

Standard output has the results: lines for people, or one JSON document with ``--json``. Everything else goes to
standard error. On a terminal, progress is a moving bar (Rich); elsewhere, it is one line for each change.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TextIO

import click
from vimmerse.cli.errors import masked, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from rich import progress as rich
    from vimmerse.jobs import DownloadProgress
    from vimmerse.jobs import Progress as JobProgress


class Console:
    """The two output streams. ``secrets`` are masked in every line."""

    def __init__(self, as_json: bool, secrets: Sequence[str] = ()) -> None:
        self.as_json = as_json
        self._secrets = secrets

    @property
    def shows_bars(self) -> bool:
        """Whether progress is a moving bar."""
        return _is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"

    @property
    def shows_colors(self) -> bool:
        """Whether results are in color (https://no-color.org)."""
        return _is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")

    @property
    def can_ask(self) -> bool:
        """Whether a person can be prompted."""
        return _is_terminal(sys.stdin) and _is_terminal(sys.stdout)

    def print(self, text: str) -> None:
        """Print a line of the result. It is flushed: the next step may take an hour."""
        if not self.as_json:
            click.echo(self._clean(text))

    def print_table(self, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table as part of the result. A column whose title starts with ``#`` has numbers."""
        if self.as_json:
            return
        table = [[title.removeprefix("#") for title in titles], *([self._clean(cell) for cell in row] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        sides = [str.rjust if title.startswith("#") else str.ljust for title in titles]
        for row in table:
            cells = [align(cell, width) for align, cell, width in zip(sides, row, widths, strict=True)]
            click.echo("  ".join(cells).rstrip())

    def note(self, text: str) -> None:
        """Print a line that is not part of the result."""
        click.echo(self._clean(text), err=True)

    def print_json(self, value: object) -> None:
        """Print the JSON document, in ASCII so that every terminal and pipe can show it."""
        if self.as_json:
            import json

            text = json.dumps(value, indent=2)
            click.echo(masked(text, [json.dumps(secret)[1:-1] for secret in self._secrets]))

    def confirm(self, question: str) -> bool:
        """Ask a question. Anything but yes, and the end of the input, means no."""
        click.echo(f"{question} [y/N] ", err=True, nl=False)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def _clean(self, text: str) -> str:
        indent = text[: len(text) - len(text.lstrip(" "))]
        return indent + one_line(text, self._secrets)

    @contextmanager
    def job_progress(self, name: str) -> Iterator[Callable[[JobProgress], None]]:
        """Show the progress of a job: yields the ``on_progress`` of ``vimmerse.jobs.wait``."""
        last = ""

        def print_state(job: JobProgress) -> None:
            nonlocal last
            text = f"{name}: {_describe_state(job)}"
            if text != last and not job.finished:  # the result shows the final state
                self.note(text)
            last = text

        if not self.shows_bars:
            yield print_state
            return
        with _progress_bar("{task.fields[state]}") as bar:
            # The line above has the full id, which does not fit into 80 columns here.
            short = name if len(name) <= 16 else f"{name[:14]}…"
            task = bar.add_task(one_line(short), total=None, state="")

            def move_bar(job: JobProgress) -> None:
                # A bar without a total pulses, which it must not once the job has ended.
                total = None if job.percent is None and not job.finished else 100
                state = one_line(_describe_state(job))
                bar.update(task, total=total, completed=job.percent or 0, state=state, refresh=True)

            yield move_bar

    @contextmanager
    def download_progress(self, name: str) -> Iterator[Callable[[DownloadProgress], None] | None]:
        """Show the progress of a download: yields the ``on_progress`` of ``vimmerse.jobs.download``."""
        if not self.shows_bars:
            yield None
            return
        with _progress_bar() as bar:
            task = bar.add_task(one_line(f"Downloading {name}"), total=None)
            yield lambda progress: bar.update(task, total=progress.total, completed=progress.received)

    @contextmanager
    def file_progress(self, name: str) -> Iterator[Callable[[int, int], None] | None]:
        """Show how many files are done: yields a function of this number and that of all."""
        if not self.shows_bars:
            yield None
            return
        with _progress_bar("{task.fields[state]}") as bar:
            task = bar.add_task(name, total=None, state="")

            def move_bar(done: int, total: int) -> None:
                # The last file is not the end of the work: the bar pulses.
                left = None if done == total else total
                bar.update(task, total=left, completed=done, state=f"{done:,} of {total:,} files")

            yield move_bar
            bar.update(task, total=1, completed=1)

    @contextmanager
    def open_upload(self, path: Path) -> Iterator[BinaryIO]:
        """Open a file, and show how much of it has been read."""
        if not self.shows_bars:
            with path.open("rb") as file:
                yield file
            return
        with _progress_bar() as bar, bar.open(path, "rb", description=one_line(f"Uploading {path.name}")) as file:
            yield file


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):  # it was replaced, or closed
        return False


def _describe_state(job: JobProgress) -> str:
    if job.error is not None:
        return f"this poll failed ({type(job.error).__name__}), trying again"
    percent = "" if job.percent is None else f", {job.percent:g} %"
    return f"{job.status or 'no status yet'}{percent}"


def _progress_bar(state: str = "") -> rich.Progress:
    """Return a bar that ends with this state of its task, or else with the size and the speed of a transfer."""
    from rich import console, progress
    from rich.table import Column

    def text(template: str) -> progress.TextColumn:
        return progress.TextColumn(template, markup=False, table_column=Column(no_wrap=True))

    return progress.Progress(
        progress.SpinnerColumn(finished_text=" "),
        text("{task.description}"),
        progress.BarColumn(bar_width=24),
        *([text(state)] if state else [progress.DownloadColumn(), progress.TransferSpeedColumn()]),
        progress.TimeElapsedColumn(),
        console=console.Console(stderr=True),
    )
