"""CSV: what spreadsheets and people write."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from vimmerse.batch.errors import TableError
from vimmerse.batch.tables import read_table

from tests.batch.tables.reading import bodies, problem, problems, rows_of, write

EXPECTED = [{"idea": "A boat, at sea", "scene_count": 3}, {"idea": "A kite"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("clips.csv", 'idea,scene_count\n"A boat, at sea",3\nA kite,\n'),
        ("clips.csv", 'idea,scene_count\r\n"A boat, at sea",3\r\nA kite,'),
        ("clips.csv", "idea;scene_count\nA boat, at sea;3\nA kite;\n"),
        ("clips.csv", "idea\tscene_count\nA boat, at sea\t3\nA kite\t\n"),
        ("clips.tsv", "idea\tscene_count\nA boat, at sea\t3\nA kite\t\n"),
        ("clips.txt", "idea\tscene_count\nA boat, at sea\t3\nA kite\t\n"),
        ("clips", "idea;scene_count\nA boat, at sea;3\nA kite;\n"),
        ("clips.csv", 'sep=;\nidea;"scene_count"\nA boat, at sea;3\nA kite;\n'),
        ("clips.csv", "\n \n idea ; Scene Count \n\n A boat, at sea ; 3.0 \n;;\nA kite;\n\n"),
        ("clips.csv", '"idea";"SCENE-COUNT"\n"A boat, at sea";"3"\n"A kite";""\n'),
        ("clips.csv", "\ufeffidea;scene_count\nA boat, at sea;3\nA kite;\n"),
        ("clips.csv", "\ufeffidea;scene_count\nA boat, at sea;3\nA kite;\n".encode("utf-16-le")),
        ("clips.txt", "idea\tscene_count\nA boat, at sea\t3\nA kite\t\n".encode("utf-16")),
        ("clips.csv", "idea;scene_count\rA boat, at sea;3\rA kite;\r"),
        ("clips.csv", 'idea, scene_count\n "A boat, at sea", 3\n "A kite", \n'),  # quotes that would be paid for
    ],
)
def test_all_dialects_are_the_same_table(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert bodies(tmp_path / name, content) == EXPECTED


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    content = "idea\nCafé\n".encode("cp1252")
    assert bodies(tmp_path / "a.csv", content, encoding="cp1252") == [{"idea": "Café"}]


def test_a_named_encoding_that_is_not_the_files(tmp_path: Path) -> None:
    found = problem(tmp_path / "a.csv", "idea\nboat\n", encoding="utf-16")
    assert found == "a.csv: it is not a text in utf-16: UTF-16 stream does not start with BOM"


def test_a_text_has_line_breaks_and_quotes_and_its_row_the_line_that_it_begins_at(tmp_path: Path) -> None:
    path = write(tmp_path / "clips.csv", 'key,idea\na,"one\ntwo ""2"",\n\nthree"\n\nb,four\n')
    rows = rows_of(read_table(path))
    assert [row.body["idea"] for row in rows] == ['one\ntwo "2",\n\nthree', "four"]
    assert [(row.place, row.number) for row in rows] == [("clips.csv:2", 1), ("clips.csv:7", 2)]


def test_the_line_is_right_after_a_line_with_the_separator(tmp_path: Path) -> None:
    path = write(tmp_path / "clips.csv", "sep=;\nidea\nboat\n")
    assert [row.place for row in read_table(path)] == ["clips.csv:3"]


def test_an_index_without_a_name_is_one_problem(tmp_path: Path) -> None:
    found = problem(tmp_path / "a.csv", ",idea\n0,boat\n1,kite\n2,fox\n")
    assert found == "a.csv:2: column 1 has values, but no name in the header; name it, or delete it"


def test_keys_do_not_depend_on_the_ends_of_lines(tmp_path: Path) -> None:
    content = 'idea\n"one\ntwo"\n'
    (one,) = rows_of(read_table(write(tmp_path / "a.csv", content)))
    (other,) = rows_of(read_table(write(tmp_path / "b.csv", content.replace("\n", "\r\n"))))
    assert (other.key, other.body) == (one.key, one.body)


def test_a_column_without_a_name_or_with_a_comment_is_ignored(tmp_path: Path) -> None:
    assert bodies(tmp_path / "a.csv", "idea,# note,,\nboat,mine,,\n") == [{"idea": "boat"}]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "a.csv: it is empty"),
        ("\n\n", "a.csv: it is empty"),
        ("idea\n", "a.csv: it has no rows"),
        ("idea,title\n,\n", "a.csv: it has no rows"),
        ("idea,Idea\nboat,kite\n", "a.csv:1: Idea: columns 1 and 2 have the same name"),
        ("idea,\nboat,kite\n", "a.csv:2: column 2 has values, but no name in the header"),
        ("idea,title\nboat\n", "a.csv:2: the row has 1 cells, the header 2"),
        ("idea,title\nboat,at sea,mine\n", "a.csv:2: the row has 3 cells, the header 2; is a text with a comma"),
        ("A boat,3\nA kite,4\n", "a.csv:1: none of the columns is a field: A boat, 3. The first row must"),
        ('idea\n"boat\nkite\n', "a.csv:2: a quote is opened here, and never closed"),
        ('idea\n"boat" at sea\n', "a.csv:2: it is not valid CSV"),
        ("idea\nbo\0at\n", "a.csv:2: it has NUL bytes"),
        (b"idea\nboat\nCaf\xe9\n", "a.csv:3: it is not a text in UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)"),
        (b"\xff\xfei\0d\0e\0a\0\n\0\x00\xd8\n\0", "a.csv: it is not a text in utf-16"),
        (
            "idea,title,image\nboat,x,\nkite\n",
            "a.csv:3: the row has 1 cells, the header 3; is a line break not in quotes, or",
        ),
        (",".join(f"c{number}" for number in range(1001)) + "\n", "a.csv:1: it has 1,001 columns; at most 1,000"),
        ('{"idea": "boat"}\n', "none of the columns is a field"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, content: str | bytes, expected: str) -> None:
    path = write(tmp_path / "a.csv", content)
    with pytest.raises(TableError) as caught:
        read_table(path).check()
    assert expected in str(caught.value)


def test_a_cell_may_not_be_longer_than_the_limit_of_the_csv_module(tmp_path: Path) -> None:
    text = "idea\n" + '"' + "many words\n" * (csv.field_size_limit() // 10) + '"\n'
    assert "a.csv:2: a cell is longer than" in problem(tmp_path / "a.csv", text)


def test_a_line_may_not_be_endless(tmp_path: Path) -> None:
    assert "a.csv:2: the line is longer than 1,048,576" in problem(tmp_path / "a.csv", "idea\n" + "x" * 2**21)


def test_all_problems_are_found_at_once(tmp_path: Path) -> None:
    content = "key,idea,scene_count,is_transition,scene_cout\na,boat,x,perhaps,\na,,3,,\nb,kite,0,,5\n"
    assert [str(each).partition(";")[0] for each in problems(tmp_path / "a.csv", content)] == [
        "a.csv:1: scene_cout: there is no such field",
        "a.csv:2: scene_count: it must be a whole number, not 'x'",
        "a.csv:2: is_transition: it must be true or false (or yes, no, 1, 0), not 'perhaps'",
        "a.csv:3: it fits no operation: it has none of idea (a story), url, image_urls, and prompt or media_items "
        "(a media)",
        "a.csv:4: scene_count: it must be 1 or more, not 0",
    ]


def test_many_problems_are_counted_and_not_all_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "idea,scene_count\n" + "boat,x\n" * 10_050)
    with pytest.raises(TableError) as caught:
        read_table(path).check()
    assert (len(caught.value.problems), caught.value.count) == (10_000, 10_050)
    assert "(and 10,049 more problems)" in str(caught.value)


def test_a_table_of_many_rows_is_read_row_by_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "idea\n" + "".join(f"boat {number}\n" for number in range(2000)))
    rows = read_table(path).rows()
    assert next(rows).body == {"idea": "boat 0"}
    write(path, b"")  # the rest is not in memory
    assert len(list(rows)) < 2000
