"""What is shown, and where.

Standard output has results: lines for people, or with ``--json`` one document. Standard error has the rest. On a
terminal the progress moves (Rich); elsewhere each change of it is a line.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click
from vimmerse.cli.outcome import one_line

if TYPE_CHECKING:
    from rich.progress import Progress
    from vimmerse.jobs import DownloadProgress
    from vimmerse.jobs import Progress as JobProgress


class Screen:
    """The two streams. ``secret`` is kept out of every line."""

    def __init__(self, as_json: bool, secret: str = "") -> None:
        self.as_json = as_json
        self.secret = secret

    @property
    def lively(self) -> bool:
        """Whether progress can move."""
        return _terminal(sys.stderr) and os.environ.get("TERM") != "dumb"

    @property
    def may_ask(self) -> bool:
        """Whether somebody is there to answer."""
        return _terminal(sys.stdin) and _terminal(sys.stdout)

    def say(self, text: str) -> None:
        """A line of the result; flushed, since the next step may take an hour or be interrupted."""
        if not self.as_json:
            click.echo(self._clean(text))

    def note(self, text: str) -> None:
        """A line beside the result."""
        click.echo(self._clean(text), err=True)

    def created(self, text: str) -> None:
        """The line with a new id, at once and wherever it may be."""
        if self.as_json:
            self.note(text)
        else:
            self.say(text)

    def document(self, value: object) -> None:
        """The JSON document. ASCII, so that any terminal and pipe takes it."""
        if self.as_json:
            text = json.dumps(value, indent=2)
            click.echo(text.replace(json.dumps(self.secret)[1:-1], "***") if self.secret else text)

    def ask(self, question: str) -> bool:
        """Ask for a yes; anything else, and the end of the input, is a no."""
        click.echo(f"{question} [y/N] ", err=True, nl=False)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def _clean(self, text: str) -> str:
        indent = text[: len(text) - len(text.lstrip(" "))]
        return indent + one_line(text, self.secret)

    # Progress

    @contextmanager
    def waiting(self, name: str) -> Iterator[JobListener]:
        """Shows how far a job is; give what it yields to ``wait``."""
        if not self.lively:
            yield _JobLines(self, name)
            return
        with _progress(_WAITING) as shown:
            yield _JobBar(shown, name)

    @contextmanager
    def transferring(self, name: str, total: int | None = None) -> Iterator[BytesListener]:
        """Shows how many bytes have gone over the line."""
        if not self.lively:
            yield _NoBytes()
            return
        with _progress(_BYTES) as shown:
            yield _ByteBar(shown, name, total)


def _terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    try:
        return isatty is not None and bool(isatty())
    except ValueError:  # it is closed
        return False


class JobListener(Protocol):
    """What ``wait`` tells its progress to."""

    def __call__(self, progress: JobProgress) -> None: ...


class BytesListener(Protocol):
    """What a transfer tells its progress to."""

    def __call__(self, progress: DownloadProgress | int) -> None: ...


class _JobLines:
    """A line for each change."""

    def __init__(self, screen: Screen, name: str) -> None:
        self._screen, self._name = screen, name
        self._last = ""

    def __call__(self, progress: JobProgress) -> None:
        text = f"{self._name}: {state_of(progress)}"
        if text != self._last and not progress.finished:  # the result itself says how it ended
            self._screen.note(text)
        self._last = text


def state_of(progress: JobProgress) -> str:
    """How far a job is, in a few words."""
    if progress.error is not None:
        return f"this look at it failed ({type(progress.error).__name__}), trying again"
    percent = "" if progress.percent is None else f", {progress.percent:g} %"
    return f"{progress.status or 'no status yet'}{percent}"


class _NoBytes:
    """Lines say enough before and after."""

    def __call__(self, progress: DownloadProgress | int) -> None:
        return None


_WAITING, _BYTES = "waiting", "bytes"


def _progress(kind: str) -> Progress:
    from rich import progress as rich
    from rich.console import Console
    from rich.table import Column

    columns: Mapping[str, tuple[rich.ProgressColumn, ...]] = {
        _WAITING: (
            rich.SpinnerColumn(finished_text=" "),
            rich.TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
            rich.BarColumn(bar_width=24),
            rich.TextColumn("{task.fields[state]}", markup=False, table_column=Column(no_wrap=True)),
            rich.TimeElapsedColumn(),
        ),
        _BYTES: (
            rich.SpinnerColumn(finished_text=" "),
            rich.TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
            rich.BarColumn(bar_width=24),
            rich.DownloadColumn(),
            rich.TransferSpeedColumn(),
            rich.TimeElapsedColumn(),
        ),
    }
    return rich.Progress(*columns[kind], console=Console(stderr=True))


class _JobBar:
    def __init__(self, shown: Progress, name: str) -> None:
        self._shown = shown
        # The whole id stands in a line above; here it would not fit into 80 columns.
        short = name if len(name) <= 16 else f"{name[:14]}…"
        self._task = shown.add_task(one_line(short), total=None, state="")

    def __call__(self, progress: JobProgress) -> None:
        # Without a total the bar moves to and fro, which it must not once the job has ended.
        total = None if progress.percent is None and not progress.finished else 100
        state = one_line(state_of(progress))
        # Looks are rare: each is drawn, be it between two turns of the spinner.
        self._shown.update(self._task, total=total, completed=progress.percent or 0, state=state, refresh=True)


class _ByteBar:
    def __init__(self, shown: Progress, name: str, total: int | None) -> None:
        self._shown = shown
        self._task = shown.add_task(one_line(name), total=total)

    def __call__(self, progress: DownloadProgress | int) -> None:
        if isinstance(progress, int):
            self._shown.advance(self._task, progress)
        else:
            self._shown.update(self._task, total=progress.total, completed=progress.received)
