"""Files that can't be read, and tables that are large."""

from __future__ import annotations

import copy
import errno
import gc
import io
import os
import pickle
import threading
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from vimmerse.batch import BatchError, Problem, Row, TableError
from vimmerse.batch.tables import read_table

from tests.batch.tables.reading import write
from tests.batch.tables.workbooks import workbook


def refused(path: Path | str, **settings: Any) -> str:
    with pytest.raises(TableError) as caught:
        read_table(path, **settings).check()
    return str(caught.value)


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "clips.csv"
    assert refused(path) == f"clips.csv: there is no such file: {path}"
    assert "there is no such file" in refused(tmp_path / "clips.xlsx#Sheet")
    assert refused(tmp_path) == f"{tmp_path.name}: it is a folder, not a file"


def test_a_name_may_not_be_empty() -> None:
    """As of a variable of a shell that is not set."""
    assert refused("") == "the table: its name is empty"


def test_standard_input_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert refused("-") == "standard input: it is closed"


def test_what_may_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "clips.csv", "idea\nboat\n")

    def refuse(self: Path, *_: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read anything
    assert refused(path) == "clips.csv: it can't be read: Permission denied"


@pytest.mark.parametrize("name", ["clips.csv", "clips.jsonl", "clips.xlsx"])
def test_a_file_that_is_gone_by_the_time_it_is_read_is_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("x"):
        workbook(path, ["idea"], ["boat"])
    else:
        write(path, '{"idea": "boat"}')
    table = read_table(path)
    path.unlink()
    with pytest.raises(TableError, match="there is no such file"):
        table.check()


def test_a_disk_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = read_table(write(tmp_path / "clips.csv", "idea\nboat\n"))

    class Broken:
        def __init__(self, *_: Any, **__: Any) -> None:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("io.TextIOWrapper", Broken)
    with pytest.raises(TableError, match=r"clips\.csv: it can't be read: Input/output error"):
        table.check()


def test_an_unknown_encoding_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="klingon"):
        read_table(write(tmp_path / "clips.csv", "idea\nboat\n"), encoding="klingon")


@pytest.mark.parametrize("content", ["idea\nboat\n", '{"idea": "boat"}\n'])
def test_a_pipe_is_read_once(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    thread = threading.Thread(target=write, args=(path, content))
    thread.start()
    try:
        table = read_table(path)
    finally:
        thread.join()
    assert [row.place for row in table] == [row.place for row in table] != []
    assert table.check().rows == 1


def test_a_device_is_no_table() -> None:
    assert refused(os.devnull) == "null: it is a device, not a file"


def test_a_temporary_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"idea\nboat\n")))
    table = read_table("-")
    assert table.check().rows == 1
    assert len(list(tmp_path.iterdir())) == 1
    del table
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_a_byte_order_mark_does_not_matter_where_the_encoding_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "clips.csv", "\ufeffidea\nboat\n")
    assert [row.body for row in read_table(path, encoding="utf-8")] == [{"idea": "boat"}]


def test_what_a_problem_quotes_does_not_move_the_cursor(tmp_path: Path) -> None:
    path = write(tmp_path / "clips\x1b[2J.csv", "idea,\x1b[2Jtitle\nboat,1\n")
    assert refused(path).startswith("clips\\x1b[2J.csv:1: \\x1b[2Jtitle: there is no such field")
    path = write(tmp_path / "clips.jsonl", '{"idea": "boat", "\\ud800": 1}\n')
    assert refused(path).encode()


def test_a_name_may_be_text(tmp_path: Path) -> None:
    path = write(tmp_path / "clips.csv", "idea\nboat\n")
    table = read_table(str(path))
    assert repr(table) == "<Table clips.csv>"
    assert [row.body for row in table.rows()] == [{"idea": "boat"}]


def test_an_error_can_be_pickled_and_copied() -> None:
    problem = Problem("clips.csv:3", "idea", "it is missing")
    error = TableError(problems=[problem, problem], count=5)
    for same in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (str(same), same.problems, same.count) == (str(error), (problem, problem), 5)
    assert isinstance(error, BatchError | ValueError)
    assert str(error) == "clips.csv:3: idea: it is missing (and 4 more problems)"
    assert str(TableError("no")) == "no"
    assert str(Problem("clips.csv", "", "it is empty")) == "clips.csv: it is empty"


@pytest.mark.parametrize("name", ["clips.csv", "clips.jsonl", "clips.xlsx"])
def test_rows_do_not_pile_up_in_memory(tmp_path: Path, name: str) -> None:
    count, path = 500, tmp_path / name
    text = "A boat at sea. " * 200
    if name.endswith("x"):
        workbook(path, ["idea", "title"], *((f"{text}{number}", number) for number in range(count)))
    elif name.endswith("l"):
        write(path, "".join(f'{{"idea": "{text}{number}"}}\n' for number in range(count)))
    else:
        write(path, "idea,title\n" + "".join(f"{text}{number},{number}\n" for number in range(count)))
    table = read_table(path)
    assert next(iter(table)).body["idea"].startswith("A boat")
    tracemalloc.start()
    try:
        last = None
        for last in table:  # noqa: B007
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(last, Row)
    assert last.number == count
    assert peak < len(text) * count / 2  # a key takes 300 bytes
