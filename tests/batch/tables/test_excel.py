"""Workbooks of Excel: what people do in them, and what breaks them."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch.errors import TableError
from vimmerse.batch.tables import read_table

from tests.batch.tables.reading import problem, problems, rows_of, write
from tests.batch.tables.workbooks import SHEET, TEXTS, edit, share_texts, workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clips.xlsx"


def test_cells_become_what_their_fields_are(path: Path) -> None:
    workbook(
        path,
        ["key", "Idea", "scene_count", "is_transition", "aspect_ratio", "title", "scene_duration"],
        [1, "A boat", 3.0, True, dt.time(16, 9), 2026, "10"],
        [],
        [2.0, " A kite ", None, "no", "9:16", 1.5, 5],
    )
    first, second = rows_of(read_table(path))
    assert first.body == {
        "idea": "A boat",
        "scene_count": 3,
        "is_transition": True,
        "aspect_ratio": "16:9",
        "title": "2026",
        "scene_duration": 10,
    }
    assert type(first.body["scene_count"]) is int
    assert second.body == {
        "idea": "A kite",
        "is_transition": False,
        "aspect_ratio": "9:16",
        "title": "1.5",
        "scene_duration": 5,
    }
    assert [(row.key, row.place, row.number) for row in (first, second)] == [
        ("1", "clips.xlsx:2", 1),
        ("2", "clips.xlsx:4", 2),
    ]


def test_a_wide_ratio_is_a_duration_to_excel(path: Path) -> None:
    workbook(path, ["idea", "aspect_ratio"], ["boat", dt.timedelta(hours=32, minutes=9)])
    assert rows_of(read_table(path))[0].body["aspect_ratio"] == "32:9"


def test_carriage_returns_in_cells_are_left_out(path: Path) -> None:
    workbook(path, ["idea"], ["one_x000D_\ntwo"])
    assert rows_of(read_table(path))[0].body == {"idea": "one\ntwo"}


def test_the_header_is_the_first_row_that_is_not_empty(path: Path) -> None:
    workbook(path, [], [None, "idea"], [None, "boat"])
    assert [(row.place, row.body) for row in read_table(path)] == [("clips.xlsx:3", {"idea": "boat"})]


def test_a_sheet_has_a_name(path: Path) -> None:
    def add(sheet: Any, book: Any) -> None:
        other = book.create_sheet("My clips")
        other.append(["idea"])
        other.append(["kite"])

    workbook(path, ["idea"], ["boat"], change=add)
    table = read_table(f"{path}#My clips")
    assert [row.body["idea"] for row in table] == ["kite"]
    assert table.check().remarks == ()
    found = read_table(path).check()
    assert "the sheet 'Sheet' was read, and 1 more were not" in str(found.remarks[0])
    assert "it has no sheet 'Other'; it has Sheet, My clips" in problem(read_table(f"{path}#Other"))


def test_notes_before_the_table_are_an_error_that_says_how_to_name_a_sheet(path: Path) -> None:
    def add(sheet: Any, book: Any) -> None:
        book.create_sheet("Notes", 0).append(["These clips are for spring."])

    workbook(path, ["idea"], ["boat"], change=add)
    found = problem(read_table(path))
    assert "none of the columns is a field: These clips are for spring." in found
    assert found.endswith("; the sheet 'Notes' was read, and 1 more were not; name another one as FILE#SHEET")


def test_a_hidden_sheet_is_read_only_if_it_is_named(path: Path) -> None:
    def add(sheet: Any, book: Any) -> None:
        sheet.sheet_state = "hidden"
        book.create_sheet("Seen").append(["idea"])
        book["Seen"].append(["kite"])

    workbook(path, ["idea"], ["boat"], change=add)
    assert [row.body["idea"] for row in read_table(path)] == ["kite"]
    assert [row.body["idea"] for row in read_table(f"{path}#Sheet")] == ["boat"]


def test_a_file_may_be_named_like_a_sheet(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx#b.xlsx", ["idea"], ["boat"])
    assert [row.body for row in read_table(tmp_path / "a.xlsx#b.xlsx")] == [{"idea": "boat"}]


def test_the_size_that_a_sheet_claims_is_not_believed(path: Path) -> None:
    workbook(path, ["idea", "title"], ["boat", "A"], ["kite", "B"])
    edit(path, SHEET, lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1"'))
    assert [row.body["title"] for row in rows_of(read_table(path))] == ["A", "B"]


def test_rows_and_cells_need_no_numbers_in_the_file(path: Path) -> None:
    workbook(path, ["idea", "title"], ["boat", "A"])

    def without_numbers(xml: bytes) -> bytes:
        for name in (b"1", b"2"):
            xml = xml.replace(b'<row r="' + name + b'"', b"<row")
            for column in (b"A", b"B"):
                xml = xml.replace(b' r="' + column + name + b'"', b"")
        return xml

    edit(path, SHEET, without_numbers)
    assert [row.body for row in rows_of(read_table(path))] == [{"idea": "boat", "title": "A"}]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("title", dt.datetime(2026, 11, 22), "title: the cell is a date (2026-11-22 00:00:00); format it as text"),
        ("title", dt.time(9, 30), "title: the cell is a time (09:30:00); format it as text"),
        ("key", 12345678901234567, "key: the cell is a number of more than 15 digits"),
        ("title", "#REF!", "title: the cell has the error #REF! of a spreadsheet"),
        ("scene_count", "#N/A", "scene_count: the cell has the error #N/A of a spreadsheet"),
        ("scene_count", 2.5, "scene_count: it must be a whole number, not 2.5"),
        ("scene_count", True, "scene_count: it must be a whole number, not True"),
        ("is_transition", 2, "is_transition: it must be true or false (or yes, no, 1, 0), not 2"),
        ("aspect_ratio", dt.datetime(2026, 4, 3), "aspect_ratio: the cell is a date"),
        ("title", "=A2", "title: the formula has no result; open the file in Excel and save it"),
    ],
)
def test_a_cell_that_is_something_else_is_an_error(path: Path, column: str, value: Any, expected: str) -> None:
    workbook(path, ["idea", column], ["boat", value])
    assert f"clips.xlsx:2: {expected}" in problem(read_table(path))


def test_a_formula_has_its_result(path: Path) -> None:
    workbook(path, ["idea", "title", "scene_count"], ["boat", '=""', "=1+2"])

    def compute(xml: bytes) -> bytes:
        xml = xml.replace(b'<c r="B2"><f>""</f><v />', b'<c r="B2" t="str"><f>""</f><v></v>')
        return xml.replace(b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>")

    edit(path, SHEET, compute)
    assert rows_of(read_table(path))[0].body == {"idea": "boat", "scene_count": 3}


def test_texts_may_be_shared_as_excel_writes_them(path: Path) -> None:
    share_texts(workbook(path, ["idea", "title"], ["boat", "A"], ["kite", "B"]))
    assert [row.body for row in rows_of(read_table(path))] == [
        {"idea": "boat", "title": "A"},
        {"idea": "kite", "title": "B"},
    ]


def test_a_row_of_formulas_without_results_is_not_empty(path: Path) -> None:
    workbook(path, ["idea", "title"], ["=B2", "=C2"], ["boat", "A"])
    assert [each.column for each in problems(read_table(path))][:2] == ["idea", "title"]


def test_a_formula_beyond_the_header_is_found(path: Path) -> None:
    workbook(path, ["idea"], ["boat", None, "=A1"])
    assert "clips.xlsx:2: the formula has no result" in problem(read_table(path))


def test_hidden_rows_are_errors_and_hidden_columns_remarks(path: Path) -> None:
    def hide(sheet: Any, book: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    workbook(path, ["idea", "title"], ["boat", "A"], change=hide)
    (remark,) = read_table(path).check().remarks
    assert str(remark) == "clips.xlsx:1: title: the column is hidden; its values are used all the same"
    workbook(path, ["idea", "title"], ["boat", "A"], ["kite", "B"], change=hide)
    assert problem(read_table(path)).startswith("clips.xlsx:3: the row is hidden, perhaps by a filter")


def test_merged_cells_are_an_error(path: Path) -> None:
    workbook(path, ["idea"], ["boat"], ["kite"], change=lambda sheet, book: sheet.merge_cells("A2:A3"))
    assert "clips.xlsx: the cells A2:A3 are merged" in problem(read_table(path))


@pytest.mark.parametrize("rows", [[], [[]], [[None, ""]]])
def test_an_empty_sheet_is_an_error(path: Path, rows: list[list[Any]]) -> None:
    workbook(path, *rows)
    assert problem(read_table(path)) == "clips.xlsx: the sheet is empty"


def test_a_header_alone_is_an_error(path: Path) -> None:
    workbook(path, ["idea"])
    assert problem(read_table(path)) == "clips.xlsx: it has no rows"


def test_two_columns_of_the_same_name_are_an_error(path: Path) -> None:
    workbook(path, ["idea", "Idea", "key"], ["boat", "kite", 1])
    assert problem(read_table(path)) == "clips.xlsx:1: Idea: columns 1 and 2 have the same name"


def test_no_visible_sheet_is_an_error(path: Path) -> None:
    workbook(path, ["idea"], ["boat"])
    edit(path, "xl/workbook.xml", lambda xml: xml.replace(b'state="visible"', b'state="hidden"'))
    assert problem(read_table(path)) == "clips.xlsx: it has no sheet that is visible"


# What is no workbook, or was made to harm


@pytest.mark.parametrize(("limit", "member"), [("MAX_UNPACKED", "xl/media/x.bin"), ("MAX_TEXTS", TEXTS)])
def test_a_workbook_that_unpacks_to_too_much_is_not_read(
    path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, member: str
) -> None:
    monkeypatch.setattr(f"vimmerse.batch.tables.excel.{limit}", 1_000_000)
    edit(workbook(path, ["idea"], ["boat"]), member, lambda _: bytes(1_000_001))
    assert path.stat().st_size < 20_000
    assert "it is too large to be read safely" in problem(read_table(path))


@pytest.mark.parametrize("member", [SHEET, TEXTS])
def test_entities_do_not_multiply(path: Path, member: str) -> None:
    workbook(path, ["idea"], ["boat"])
    entities = b'<!DOCTYPE x [<!ENTITY a "' + b"boat " * 100 + b'">'
    for one, other in zip(b"abcdefgh", b"bcdefghi", strict=True):
        entities += b'<!ENTITY %c "%s">' % (other, b"&%c;" % one * 20)
    if member == TEXTS:
        share_texts(path)
    edit(path, member, lambda xml: entities + b"]>" + xml.replace(b"boat", b"&i;"))
    assert "it can't be read as a workbook" in problem(read_table(path))


@pytest.mark.parametrize(
    ("member", "content"),
    [
        (SHEET, b"<worksheet>"),
        (SHEET, b"\0\1\2"),
        (
            SHEET,
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="x"/>',
        ),
        ("xl/workbook.xml", b"<workbook/>"),
        (TEXTS, b"<sst>"),
        ("xl/styles.xml", b"<styleSheet>"),
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
    ],
)
def test_a_broken_workbook_is_an_error(path: Path, member: str, content: bytes) -> None:
    share_texts(workbook(path, ["idea"], ["boat"]))
    edit(path, member, lambda _: content)
    assert problem(read_table(path)).startswith("clips.xlsx: it")


def test_a_text_beyond_the_shared_ones_is_an_error(path: Path) -> None:
    share_texts(workbook(path, ["idea"], ["boat"]))
    edit(path, SHEET, lambda xml: xml.replace(b"<v>1</v>", b"<v>99</v>"))
    assert "it can't be read as a workbook (list index out of range)" in problem(read_table(path))


def test_half_a_workbook_is_an_error(path: Path) -> None:
    content = workbook(path, ["idea"], ["boat"]).read_bytes()
    assert "it can't be read as a workbook" in problem(path, content[: len(content) // 2])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.xlsx", b"idea\nboat\n", "it is not a workbook of Excel, although it is named .xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is protected by a password, or not in"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is a workbook of an old Excel, or not in"),
        ("a.csv", b"PK\x03\x04" + bytes(600), "it is a workbook or an archive, not .csv"),
        ("a.json", b"PK\x03\x04" + bytes(600), "it is a workbook or an archive, not .json"),
        ("a.csv.gz", b"\x1f\x8b" + bytes(600), "it is compressed with gzip; decompress it first"),
        ("a.csv", b"", "it is empty"),
    ],
)
def test_a_file_of_another_kind_is_an_error(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table(write(tmp_path / name, content))
    assert str(caught.value).startswith(f"{name}: {expected}")


def test_an_archive_of_another_kind_is_an_error(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert problem(read_table(tmp_path / "a.ods")).startswith("a.ods: it can't be read as a workbook")


def test_openpyxl_is_optional(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook(path, ["idea"], ["boat"])
    monkeypatch.setitem(__import__("sys").modules, "openpyxl.reader.excel", None)
    with pytest.raises(ImportError, match=r"needs openpyxl: pip install 'vimmerse\[excel\]'"):
        read_table(path).check()
