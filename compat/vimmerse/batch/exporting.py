"""The jobs of a batch as a table: CSV, JSON Lines or Excel."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from vimmerse._http.redaction import one_line
from vimmerse.batch.records import JobRecord
from vimmerse.jobs.target import Target

#: The columns of every format. Lists are arrays in JSON Lines; in other formats their items are separated by ``|``.
COLUMNS = (
    "key", "row", "place", "operation", "state", "id", "earlier_ids", "status", "estimate", "credits", "attempts",
    "urls", "files", "error", "planned_at", "sent_at", "accepted_at", "ended_at",
)  # fmt: skip
# What begins a formula in a spreadsheet, as OWASP lists it; wide forms of East Asian keyboards as well.
_FORMULA = tuple(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_MAX_CELL = 32_767  # characters, in Excel


def export(jobs: Iterable[JobRecord], path: str | os.PathLike[str], *, overwrite: bool = False) -> int:
    """Write jobs to a file, which appears when it is complete; return their number.

        export(ledger.jobs(), "results.csv")

    Times are in UTC. Text that a spreadsheet would take for a formula begins with ``'`` in CSV, and is marked as text
    in Excel. Memory does not grow with the number of jobs, except in Excel's format.

    Args:
        jobs: The jobs, such as ``ledger.jobs()`` or ``ledger.jobs(State.FAILED)``.
        path: The file. Its suffix is the format: ``.csv``, ``.jsonl`` or ``.xlsx``, which needs the extra ``excel``.
        overwrite: Whether an existing file is replaced.

    Raises:
        FileExistsError: The file exists, and ``overwrite`` is false.
        ImportError: openpyxl is not installed.
        OSError: The file can't be written.
        ValueError: The suffix is another one.
    """
    suffix = Path(os.fsdecode(path)).suffix.lower()
    if suffix not in _WRITERS:
        found = f"not {suffix}" if suffix else "and it has none"
        raise ValueError(f"the suffix must be {', '.join(_WRITERS)}, {found}")
    with new_file(path, overwrite=overwrite) as write:
        return _WRITERS[suffix](jobs, write)


class _TextFile(Protocol):
    def write(self, text: str, /) -> object: ...


def write_csv(jobs: Iterable[JobRecord], file: _TextFile) -> int:
    """Write jobs to an open text file as CSV; return their number."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for job in jobs:
        writer.writerow(map(_csv_cell, _flat(job)))
        count += 1
    return count


@contextmanager
def new_file(path: str | os.PathLike[str], *, overwrite: bool) -> Iterator[Callable[[bytes], None]]:
    """Yield a function that writes to a new file, which appears when the block ends without an exception."""
    target = Target(path, overwrite=overwrite, durable=False)
    try:
        target.open()
        yield target.write
        target.publish()
    finally:
        target.discard()


class _Encoder:
    """A text file on a function that writes bytes."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write

    def write(self, text: str, /) -> None:
        self._write(text.encode())


def _to_csv(jobs: Iterable[JobRecord], write: Callable[[bytes], None]) -> int:
    return write_csv(jobs, _Encoder(write))


def _to_json_lines(jobs: Iterable[JobRecord], write: Callable[[bytes], None]) -> int:
    count = 0
    for job in jobs:
        write(json.dumps(row_of(job)).encode() + b"\n")
        count += 1
    return count


def _to_excel(jobs: Iterable[JobRecord], write: Callable[[bytes], None]) -> int:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
    except ImportError as error:
        raise ImportError("Excel's format needs openpyxl: pip install 'vimmerse[excel]'") from error
    book = Workbook(write_only=True)
    sheet = book.create_sheet("jobs")
    sheet.freeze_panes = "B2"

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, one_line(value)[:_MAX_CELL])
        made.data_type = "s"  # openpyxl takes text with = for a formula
        return made

    head = [cell(name) for name in COLUMNS]
    for each in head:
        each.font = Font(bold=True)
    sheet.append(head)
    count = 0
    for job in jobs:
        sheet.append([cell(value) for value in _flat(job)])
        count += 1
    buffer = io.BytesIO()
    book.save(buffer)
    write(buffer.getvalue())
    return count


_WRITERS = {".csv": _to_csv, ".jsonl": _to_json_lines, ".xlsx": _to_excel}


def row_of(job: JobRecord) -> dict[str, Any]:
    """Return a job as a row of an export."""
    values = (
        job.key,
        job.number,
        job.place,
        job.operation,
        str(job.state),
        job.job_id,
        list(job.earlier_ids),
        job.status,
        _number(job.estimate),
        _number(job.credits),
        job.attempts,
        list(job.result),
        list(job.files),
        job.error,
        *map(_time, (job.created_at, job.sent_at, job.accepted_at, job.ended_at)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _number(credits: float) -> float:
    return int(credits) if credits.is_integer() else credits


def _time(timestamp: float | None) -> str | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="seconds")


def _flat(job: JobRecord) -> Iterator[Any]:
    for value in row_of(job).values():
        yield "|".join(value) if isinstance(value, list) else value


def _csv_cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
