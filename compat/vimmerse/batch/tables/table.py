"""Read a table whose rows are jobs, and find everything that is wrong with it before anything is sent."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from vimmerse.batch.errors import Problem, TableError, TableWarning
from vimmerse.batch.operations import find_operation
from vimmerse.batch.tables.columns import Column, Columns
from vimmerse.batch.tables.excel import read_excel
from vimmerse.batch.tables.fields import Unusable
from vimmerse.batch.tables.images import Images
from vimmerse.batch.tables.keys import derived_key, folded
from vimmerse.batch.tables.making import RowMaker
from vimmerse.batch.tables.report import Report
from vimmerse.batch.tables.rows import Fault, Header, Record, Row, Translator
from vimmerse.batch.tables.sources import Source
from vimmerse.batch.tables.texts import read_csv, read_json_lines, read_values

_READERS = {"csv": read_csv, "json": read_json_lines, "excel": read_excel}
_MAX_WARNINGS = 100
Entry = Header | Record | Fault


class TableCheck(NamedTuple):
    """What a check has found in a table without errors.

    Attributes:
        rows: How many jobs it has.
        operations: How many of each operation.
        remarks: What is worth knowing, such as names that look misspelled, or columns of v1.
    """

    rows: int
    operations: Mapping[str, int]
    remarks: tuple[Problem, ...]

    def warn(self) -> None:
        """Show the remarks as :class:`TableWarning`, which name the line of the table; of very many, the first 100."""
        for remark in self.remarks[:_MAX_WARNINGS]:
            name, _, line = remark.place.rpartition(":")
            text = str(remark).removeprefix(f"{remark.place}: ")
            place = (name, int(line)) if line.isdecimal() else (remark.place, 1)
            warnings.warn_explicit(text, TableWarning, *place)


class Table:
    """A table whose rows are jobs. It is read anew each time, row by row.

    :func:`read_table` and :func:`table_of` return one; iterating over it yields its rows.

    Args:
        name: How problems name it.
        read: Returns what it consists of.
        folder: Where relative paths of images begin.
        operation, translate: As in :func:`read_table`.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], Iterator[Entry]],
        folder: Path,
        *,
        operation: str | None,
        translate: Translator | None,
    ) -> None:
        self.name = name
        self._read = read
        self._default = find_operation(operation) if operation else None
        self._translator = translate
        self._columns = Columns(translate)
        self._images = Images(folder)

    def check(self) -> TableCheck:
        """Read the whole table, and return what it has. Nothing is sent.

        Raises:
            TableError: something is wrong; ``problems`` are all of it.
            ImportError: it is a workbook, and openpyxl is not installed.
        """
        report = Report()
        operations: Counter[str] = Counter()
        try:
            for row in self._rows(report):
                operations[row.operation] += 1
        except TableError as error:
            for problem in error.problems:
                report.add(problem)
        report.raise_errors()
        return TableCheck(operations.total(), operations, report.remarks)

    def rows(self) -> Iterator[Row]:
        """Yield the rows, in order. :meth:`check` finds all problems beforehand.

        Raises:
            TableError: with the first problem.
        """
        return self._rows(Report(raises=True))

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def __repr__(self) -> str:
        return f"<Table {self.name}>"

    def _rows(self, report: Report) -> Iterator[Row]:
        columns: dict[str, Column | None] = {}
        maker = RowMaker(self._columns, self._images, report, self._default, self._translator)
        places: dict[str, str] = {}  # of rows, by key
        seen: dict[str, tuple[str, int]] = {}  # by derived key: the place of the first row, and how many there are
        number = 0
        for entry in self._read():
            if isinstance(entry, Header):
                self._resolve_header(entry, columns, report)
            elif isinstance(entry, Fault):
                (report.remark if entry.is_remark else report.error)(entry.place, entry.column, entry.message)
            else:
                number += 1
                for name in entry.cells:
                    if name not in columns:
                        columns[name] = self._resolve(name, entry.place, report)
                cells = [
                    (column, value) for name, value in entry.cells.items() if (column := columns[name]) is not None
                ]
                row = maker.make(number, entry.place, cells)
                if row is not None and not row.key:
                    row = self._with_key(row, seen, report)
                if row is not None and self._is_new(row, places, report):
                    yield row
        if not number and not report.count:
            report.error(self.name, "", "it has no rows")

    def _resolve_header(self, header: Header, columns: dict[str, Column | None], report: Report) -> None:
        problems = Report()
        for name in filter(None, header.names):
            columns[name] = self._resolve(name, header.place, problems)
        if header.names and not any(columns.values()):
            names = ", ".join(filter(None, header.names))
            text = f"none of the columns is a field: {names[:80]}. The first row must have the names of the columns"
            text = "; ".join([text, *(remark.message for remark in report.remarks)])  # another sheet may have them
            raise TableError(problems=[Problem(header.place, "", text)])
        for problem in problems.errors:
            report.add(problem)

    def _resolve(self, name: str, place: str, report: Report) -> Column | None:
        try:
            return self._columns.resolve(name)
        except Unusable as error:
            report.error(place, name, str(error))
            return None

    def _with_key(self, row: Row, seen: dict[str, tuple[str, int]], report: Report) -> Row:
        """Return a row with a key that follows from its content; the second of two equal rows gets -2."""
        key = derived_key(row.operation, row.body)
        first, count = seen.get(key, (row.place, 0))
        seen[key] = first, count + 1
        if not count:
            return replace(row, key=key)
        text = f"it asks for the same as {first}, and is paid too; if that is meant, keys make it clear"
        report.remark(row.place, "", text)
        return replace(row, key=f"{key}-{count + 1}")

    def _is_new(self, row: Row, places: dict[str, str], report: Report) -> bool:
        """Remember a key. Return whether no row had it before, or one that differs from it in case only."""
        first = places.setdefault(folded(row.key), row.place)
        if first != row.place:
            report.error(row.place, "key", f"{row.key!r} is the key of {first}, too; each row needs its own")
        return first == row.place


def read_table(
    path: str | os.PathLike[str],
    *,
    operation: str | None = None,
    translate: Translator | None = None,
    encoding: str | None = None,
) -> Table:
    """Return the table in a file. Its rows are read later, one by one.

    Columns are fields of v2, dotted inside of objects: ``audio_option.narrator``. ``key`` and ``operation`` are
    optional. An empty cell is a field that is not given. docs/batch.md describes all of it.

    Args:
        path: A CSV file (with commas, semicolons or tabs), JSON Lines, or a workbook of Excel (the extra ``excel``),
            of which ``clips.xlsx#Sheet`` names a sheet. ``-`` is standard input.
        operation: What rows create that don't say it: ``idea``, ``url``, ``images`` or ``media``.
        translate: Translates columns of v1, such as ``vimmerse.compat.migrate.columns.V1Columns()``.
        encoding: Of a text that is neither UTF-8 nor begins with a byte order mark, such as ``cp1252``.

    Raises:
        TableError: it can't be read, or is no table.
        ValueError: there is no such operation.
        LookupError: there is no such encoding.
    """
    source = Source(path, encoding)
    reader = _READERS[source.format]
    return Table(source.name, lambda: reader(source), source.folder, operation=operation, translate=translate)


def table_of(
    rows: Iterable[Mapping[str, Any]],
    *,
    operation: str | None = None,
    translate: Translator | None = None,
    folder: str | os.PathLike[str] = ".",
    name: str = "rows",
) -> Table:
    """Return a table of dicts, which are checked as those of a file.

    Args:
        rows: The rows, by the names of their columns. An iterator is read at once, and kept.
        folder: Where relative paths of images begin.
        name: How problems name it: ``rows:3`` is the third row.
        operation, translate: As in :func:`read_table`.

    Raises:
        ValueError: there is no such operation.
    """
    kept: Sequence[Mapping[str, Any]] = rows if isinstance(rows, Sequence) else list(rows)
    return Table(
        name, lambda: read_values(name, kept), Path(folder).absolute(), operation=operation, translate=translate
    )
