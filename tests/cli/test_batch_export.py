"""``vimmerse batch export``, and extras that are missing."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import Ledger, State, export, read_ledger

from tests.cli.batches import STORY, planned
from tests.cli.conftest import Vimmerse

pytestmark = pytest.mark.usefixtures("batch_folder")


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    from openpyxl import load_workbook

    sheet: Any = load_workbook(path).active
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".CSV"])
def test_export_has_every_job(vimmerse: Vimmerse, ledger: Ledger, batch_folder: Path, suffix: str) -> None:
    ledger.add_file("boat", "out/boat.mp4")
    path = batch_folder / f"results{suffix}"

    done = vimmerse("batch", "export", path)

    assert done.out == f"Saved {path} (6 jobs)\n"
    rows = rows_of(path.rename(path.with_suffix(suffix.lower())))
    assert [row["key"] for row in rows] == ["boat", "cat", "dog", "eel", "fox", "gnu"]
    boat = {name: value for name, value in rows[0].items() if value not in ("", None, [])}
    lists = {"urls": ["https://files.example/a.mp4?token=x"], "files": ["out/boat.mp4"]}
    time = "2023-11-14T22:13:20+00:00"
    expected: dict[str, Any] = {
        "key": "boat", "row": 1, "place": "clips.csv:2", "operation": STORY, "state": "finished", "id": "s1",
        "estimate": 150, "credits": 140, "attempts": 1, **lists,
        "planned_at": time, "sent_at": time, "accepted_at": time, "ended_at": time,
    }  # fmt: skip
    if suffix != ".jsonl":
        expected |= {name: "|".join(value) for name, value in lists.items()}
    if suffix.lower() == ".csv":
        expected = {name: str(value) for name, value in expected.items()}
    assert boat == expected


def test_export_of_some_states_to_standard_output(vimmerse: Vimmerse, ledger: Ledger) -> None:
    done = vimmerse("batch", "export", "-", "--state", "failed", "--state", "ambiguous")

    assert [row["error"] for row in csv.DictReader(io.StringIO(done.out))] == [
        "TimeoutError: lost",
        "the service says: no",
    ]


@pytest.mark.parametrize("kind", ["bytes", "text"])
def test_standard_output_is_utf8_whatever_the_terminal_is(
    vimmerse: Vimmerse, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A key that is escaped, or that has question marks, would name no job."""
    ledger.plan(planned("kü 日"))
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii", "backslashreplace") if kind == "bytes" else io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)

    vimmerse("batch", "export", "-", "--state", "planned")

    text = raw.getvalue().decode() if kind == "bytes" else stream.getvalue()  # type: ignore[union-attr]
    assert [row["key"] for row in csv.DictReader(io.StringIO(text))] == ["gnu", "kü 日"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r\n=1", "\N{FULLWIDTH EQUALS SIGN}1"]
)
def test_formulas_are_harmless(batch_folder: Path, text: str) -> None:
    with Ledger("a.sqlite") as ledger:
        ledger.plan(planned("k"))
        ledger.begin("k").accepted("s1")
        ledger.end("k", State.FINISHED, result=[text], used_credits=1.5)
        ledger.add_file("k", text)
        for name in ("a.csv", "a.xlsx", "a.jsonl"):
            assert export(ledger.jobs(), name) == 1

    (cells,) = rows_of(batch_folder / "a.csv")
    (plain,) = rows_of(batch_folder / "a.jsonl")
    from openpyxl import load_workbook

    sheet: Any = load_workbook("a.xlsx").active
    (cell,) = sheet["M"][1:]
    for name in ("urls", "files"):
        assert cells[name].startswith(("'", "\\"))
        assert plain[name] == [text]
    assert cells["credits"] == "1.5"
    assert cell.data_type == "s"


def test_an_export_does_not_replace_a_table(vimmerse: Vimmerse, ledger: Ledger, batch_folder: Path) -> None:
    table = batch_folder / "clips.csv"
    table.write_text("idea\nA cat\n")

    done = vimmerse("batch", "export", table)

    assert (done.code, "use --overwrite" in done.error) == (2, True)
    assert table.read_text() == "idea\nA cat\n"
    assert vimmerse("batch", "export", table, "--overwrite").code == 0


def test_an_export_that_can_not_be_written(vimmerse: Vimmerse, ledger: Ledger, batch_folder: Path) -> None:
    other = vimmerse("batch", "export", "results.pdf")
    lost = vimmerse("batch", "export", "none/results.csv")

    assert "the suffix must be .csv, .jsonl, .xlsx, not .pdf" in other.error
    assert "the suffix must be .csv, .jsonl, .xlsx, and it has none" in vimmerse("batch", "export", "results").error
    assert lost.code == 2
    assert "There is no such directory" in lost.error


def test_an_export_that_fails_leaves_nothing(ledger: Ledger, batch_folder: Path) -> None:
    def jobs() -> Iterator[Any]:
        yield from ledger.jobs()
        raise RuntimeError

    before = set(batch_folder.iterdir())
    with pytest.raises(RuntimeError):
        export(jobs(), "results.csv")
    assert set(batch_folder.iterdir()) == before


def test_a_missing_extra_is_named(vimmerse: Vimmerse, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    done = vimmerse("batch", "export", "a.xlsx")

    assert (done.code, done.error) == (2, "vimmerse: Excel's format needs openpyxl: pip install 'vimmerse[excel]'")


def test_without_sqlalchemy_the_error_names_the_extra() -> None:
    code = "import sys; sys.modules['sqlalchemy'] = None; from vimmerse.cli import main; sys.exit(main())"

    done = subprocess.run([sys.executable, "-c", code, "batch", "status"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (2, "vimmerse: a ledger needs SQLAlchemy: pip install 'vimmerse[batch]'\n")


def test_a_ledger_is_read_in_python(ledger: Ledger) -> None:
    with read_ledger() as batches:
        assert [(batch.batch, batch.summary().total) for batch in batches] == [("clips", 6)]
