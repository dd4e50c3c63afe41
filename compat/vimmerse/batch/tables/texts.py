"""Tables in texts: CSV and JSON Lines."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from typing import Any

from vimmerse.batch.errors import Problem, TableError
from vimmerse.batch.tables.columns import check_names
from vimmerse.batch.tables.fields import read_json
from vimmerse.batch.tables.rows import Fault, Header, Record
from vimmerse.batch.tables.sources import Source

MAX_LINE = 1024 * 1024
MAX_ARRAY = 64 * 1024 * 1024
_SEPARATORS = ",;\t"
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # what Excel reads as the separator of the file


def lines(source: Source) -> Iterator[str]:
    """Yield the lines of a text, with their ends. Raises ``TableError`` for what is no text."""
    number = 0
    try:
        with source.open() as raw, io.TextIOWrapper(raw, source.encoding, newline="") as text:
            while line := text.readline(MAX_LINE + 1):
                number += 1
                line = line.removeprefix("\ufeff") if number == 1 else line  # where the encoding was named
                if len(line) > MAX_LINE:
                    raise source.error(f"the line is longer than {MAX_LINE:,} characters", source.place(number))
                if "\0" in line:
                    raise source.error("it has NUL bytes, so it is not a text in UTF-8", source.place(number))
                yield line
    except UnicodeDecodeError:
        if source.encoding not in ("utf-8", "utf-8-sig"):
            raise source.error(f"it is not a text in {source.encoding}") from None
        advice = "save it as UTF-8 (in Excel: CSV UTF-8), or name its encoding, such as cp1252"
        raise source.error(f"it is not a text in UTF-8; {advice}", source.place(_undecodable_line(source))) from None
    except UnicodeError as error:  # UTF-16 without a byte order mark, for example
        raise source.error(f"it is not a text in {source.encoding}: {error}") from None
    except OSError as error:
        raise source.error(f"it can't be read: {error.strerror}") from None


def _undecodable_line(source: Source) -> int:
    def is_text(line: bytes) -> bool:
        try:
            line.decode()
        except UnicodeDecodeError:
            return False
        return True

    with source.open() as file:
        return 1 + sum(1 for _ in takewhile(is_text, iter(lambda: file.readline(MAX_LINE), b"")))


def read_csv(source: Source) -> Iterator[Header | Record | Fault]:
    """Yield the header and the rows of a CSV file. Raises ``TableError`` where it can't be read on."""
    rows = _csv_rows(source)
    number, names = next(rows, (0, []))
    if not number:
        raise source.error("it is empty")
    names = [name.strip() for name in names]
    yield from read_header(source, source.place(number), names)
    cells = Cells(names)
    for number, values in rows:
        yield from cells.read(source.place(number), values)
        if len(values) < len(names):
            hint = "is a line break not in quotes, or are the separators of empty cells at its end missing?"
            text = f"the row has {len(values)} cells, the header {len(names)}; {hint}"
            yield Fault(source.place(number), "", text)


def _csv_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of the line that it begins at."""
    text = lines(source)
    first = next((line for line in text if line.strip()), "")
    separator = _SEP_LINE.fullmatch(first)
    skipped = 0
    if separator is not None:
        skipped, first = 1, next(text, "")
    delimiter = separator[1] if separator is not None else _delimiter(first)
    reader = csv.reader(chain([first], text), delimiter=delimiter, strict=True, skipinitialspace=True)
    begin = 1 + skipped
    try:
        for values in reader:
            if any(map(str.strip, values)):
                yield begin, values
            begin = reader.line_num + 1 + skipped
    except csv.Error as error:
        if "field limit" in str(error):
            message = f"a cell is longer than {csv.field_size_limit():,} characters; is a quote never closed?"
        elif "unexpected end" in str(error):
            message = "a quote is opened here, and never closed"
        else:
            message = f"it is not valid CSV ({error}); double the quotes that belong to a text"
        raise source.error(message, source.place(begin)) from None


def _delimiter(header: str) -> str:
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(_SEPARATORS, key=unquoted.count)


def read_header(source: Source, place: str, names: Sequence[str]) -> Iterator[Header]:
    """Yield the header. Raises ``TableError`` with all that is wrong with its names."""
    if problems := [Problem(place, name, message) for name, message in check_names(names)]:
        raise TableError(problems=problems)
    yield Header(place, tuple(names))


class Cells:
    """The rows below a header."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._unnamed: set[int] = set()  # the columns that were reported

    def read(self, place: str, values: Sequence[Any]) -> Iterator[Record | Fault]:
        """Yield the row with these values, and what is wrong with it."""
        names = self._names
        for number, value in enumerate(values, 1):
            if is_empty(value):
                continue
            if number > len(names):
                text = (
                    f"the row has {len(values)} cells, the header {len(names)}; is a text with a comma not in quotes?"
                )
                yield Fault(place, "", text)
                break
            if not names[number - 1] and number not in self._unnamed:
                self._unnamed.add(number)
                text = f"column {number} has values, but no name in the header; name it, or delete it"
                yield Fault(place, "", text)
        cells = zip(names, values, strict=False)
        yield Record(place, {name: value for name, value in cells if name and not is_empty(value)})


def is_empty(value: object) -> bool:
    """Whether a cell gives nothing. Not a number is what pandas has in place of an empty cell."""
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and not value.strip())


def read_json_lines(source: Source) -> Iterator[Record | Fault]:
    """Yield the rows of a file with one JSON object a line, or with one array of objects."""
    text = lines(source)
    is_first = True
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        if is_first and line.lstrip().startswith("["):
            yield from _read_array(source, chain([line], text))
            return
        is_first = False
        yield from _read_object(source.place(number), line, None)


def _read_array(source: Source, text: Iterator[str]) -> Iterator[Record | Fault]:
    parts: list[str] = []
    size = 0
    for part in text:
        parts.append(part)
        size += len(part)
        if size > MAX_ARRAY:
            advice = "write one object a line instead (jq -c '.[]'), which has no limit"
            raise source.error(f"it is a JSON array of more than {MAX_ARRAY:,} characters; {advice}")
    try:
        items = read_json("".join(parts))
    except ValueError as error:
        raise source.error(f"it is not a JSON array: {error}") from None
    for number, item in enumerate(items, 1):
        yield from _read_object(f"{source.name}, item {number}", "", item)


def read_values(name: str, rows: Iterable[Any]) -> Iterator[Record | Fault]:
    """Yield the rows of a list of dicts."""
    for number, row in enumerate(rows, 1):
        yield from _read_object(f"{name}:{number}", "", row)


def _read_object(place: str, line: str, value: Any) -> Iterator[Record | Fault]:
    if line:
        try:
            value = read_json(line)
        except ValueError as error:
            yield Fault(place, "", f"it is not a JSON object on one line: {error}")
            return
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        yield Fault(place, "", f"it must be a JSON object, not {type(value).__name__}")
        return
    problems = [Fault(place, name, message) for name, message in check_names(value)]
    yield from problems
    if not problems:
        yield Record(place, {name.strip(): each for name, each in value.items() if not is_empty(each)})
