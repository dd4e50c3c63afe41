"""Tables in workbooks of Excel, which openpyxl reads row by row.

openpyxl does not say, in its mode for large files, what is hidden or merged, and which formulas have no result. That
is read from the sheet itself, beside the values.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element, iterparse

from vimmerse.batch.errors import TableError
from vimmerse.batch.tables.rows import Fault, Header, Record
from vimmerse.batch.tables.sources import Source
from vimmerse.batch.tables.texts import Cells, is_empty, read_header

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

#: What a workbook may unpack to, in bytes.
MAX_UNPACKED = 1024 * 1024 * 1024
#: What openpyxl reads into memory of it: the texts of the cells, and whatever is no sheet and no picture.
MAX_TEXTS = 128 * 1024 * 1024
_STREAMED = ("xl/worksheets/", "xl/media/")


def read_excel(source: Source) -> Iterator[Header | Record | Fault]:
    """Yield the header and the rows of a sheet: the one that the source names, or the first one that is visible.

    Raises:
        TableError: the file can't be read.
        ImportError: openpyxl is not installed.
    """
    try:
        from openpyxl.reader.excel import ExcelReader
    except ModuleNotFoundError as error:
        text = "a table in Excel's format needs openpyxl: pip install 'vimmerse[excel]'"
        raise ImportError(text, name="openpyxl") from error
    with source.open() as file:
        try:
            _check_size(source, file)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and the like
                reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
                reader.read()
            yield from _read_sheet(source, reader)
        except TableError:
            raise
        except Exception as error:  # openpyxl raises whatever its parts raise on a broken file
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise source.error(f"it can't be read as a workbook ({reason}); save it again as .xlsx") from error


def _check_size(source: Source, file: IO[bytes]) -> None:
    # zipfile reads no more of a member than the directory says.
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    total = sum(member.file_size for member in members)
    texts = sum(member.file_size for member in members if not member.filename.startswith(_STREAMED))
    if total > MAX_UNPACKED or texts > MAX_TEXTS:
        raise source.error("it is too large to be read safely; save it as CSV UTF-8")


def _read_sheet(source: Source, reader: ExcelReader) -> Iterator[Header | Record | Fault]:
    sheets = [sheet for sheet in reader.wb.worksheets if sheet.sheet_state == "visible" or sheet.title == source.sheet]
    if source.sheet:
        sheets = [sheet for sheet in sheets if sheet.title == source.sheet]
        if not sheets:
            names = ", ".join(sheet.title for sheet in reader.wb.worksheets)
            raise source.error(f"it has no sheet {source.sheet!r}; it has {names}")
    if not sheets:
        raise source.error("it has no sheet that is visible")
    sheet = sheets[0]
    if len(sheets) > 1:
        text = (
            f"the sheet {sheet.title!r} was read, and {len(sheets) - 1} more were not; name another one as FILE#SHEET"
        )
        yield Fault(source.name, "", text, is_remark=True)
    target = next(link.target for each, link in reader.parser.find_sheets() if each.name == sheet.title)
    sheet.reset_dimensions()  # what a file says about its size is often wrong
    with reader.archive.open(target) as stream:
        yield from _read_rows(source, _quiet(sheet.iter_rows(values_only=True)), _Sheet(stream))


def _read_rows(source: Source, rows: Iterator[tuple[Any, ...]], sheet: _Sheet) -> Iterator[Header | Record | Fault]:
    names: list[str] = []
    cells = Cells(names)
    marks = sheet.rows()
    mark = next(marks, None)
    for number, values in enumerate(rows, 1):
        while mark is not None and mark.row < number:
            mark = next(marks, None)
        special = mark if mark is not None and mark.row == number else _Marks(number, False, ())
        if all(map(is_empty, values)) and not special.without_result:
            continue
        place = source.place(number)
        if not names:
            names = ["" if value is None else str(value).strip() for value in values]
            yield from read_header(source, place, names)
            cells = Cells(names)
            for column, name in enumerate(names, 1):
                if name and sheet.is_hidden(column):
                    yield Fault(place, name, "the column is hidden; its values are used all the same", is_remark=True)
            continue
        if special.is_hidden:
            yield Fault(place, "", "the row is hidden, perhaps by a filter; show it, or delete it")
        for column in special.without_result:
            name = names[column - 1] if column <= len(names) else ""
            yield Fault(place, name, "the formula has no result; open the file in Excel and save it, or paste values")
        yield from cells.read(place, [_without_returns(value) for value in values])
    if not names:
        raise source.error("the sheet is empty")
    next(marks, None)  # what is merged comes after the rows
    for area in sheet.merged[:10]:
        yield Fault(source.name, "", f"the cells {area} are merged, and only the first has a value; unmerge them")


def _quiet(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield the same rows, without openpyxl's warnings about what it does not support."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row = next(rows, None)
        if row is None:
            return
        yield row


def _without_returns(value: Any) -> Any:
    """Return a cell without the carriage returns that some programs write into it."""
    return value.replace("_x000D_", "") if isinstance(value, str) else value


class _Marks(NamedTuple):
    """What is special about a row: whether it is hidden, and the columns with a formula without a result."""

    row: int
    is_hidden: bool
    without_result: tuple[int, ...]


class _Sheet:
    """The structure of a sheet. ``merged`` is complete after the last row."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hidden: list[tuple[int, int]] = []
        self.merged: list[str] = []

    def is_hidden(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self._hidden)

    def rows(self) -> Iterator[_Marks]:
        """Yield the rows that are in the file, in order."""
        number = 0
        for _, element in iterparse(self._stream):
            tag = element.tag.rpartition("}")[2]
            if tag == "row":
                number = int(element.get("r") or number + 1)
                yield _Marks(number, _is_on(element.get("hidden")), tuple(_without_result(element)))
                element.clear()
            elif tag == "col" and _is_on(element.get("hidden")):
                self._hidden.append((int(element.get("min") or 0), int(element.get("max") or 0)))
            elif tag == "mergeCell":
                self.merged.append(element.get("ref") or "?")


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")


def _without_result(row: Element) -> Iterator[int]:
    """Yield the numbers of the columns with a formula without a result."""
    from openpyxl.utils.cell import coordinate_to_tuple

    column = 0
    for cell in row:
        reference = cell.get("r")
        column = coordinate_to_tuple(reference)[1] if reference else column + 1
        parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
        if "f" in parts and not parts.get("v") and not (cell.get("t") == "str" and "v" in parts):
            yield column
