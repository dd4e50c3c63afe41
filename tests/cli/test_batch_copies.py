"""``vimmerse batch run`` with a table that was paid under another name."""

from __future__ import annotations

from pathlib import Path

import pytest
from vimmerse.batch import Ledger, PlannedJob
from vimmerse.emulator import Emulator

from tests.cli.conftest import Vimmerse

MEDIA = "POST /v2/media"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table, and with two batches: one of its rows was paid in the first, none in the second."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIMMERSE_DATABASE_URL", raising=False)
    (tmp_path / "renamed.csv").write_text("key,prompt\na,Boats\nb,Kites\n")
    bodies = {"a": {"prompt": "Boats"}, "b": {"prompt": "Kites"}}
    with Ledger("batch.sqlite", batch="my clips", budget=500) as ledger:
        ledger.plan(PlannedJob(key=key, body=body, operation=MEDIA, estimate=50) for key, body in bodies.items())
        with ledger.paid("a", bodies["a"], operation=MEDIA) as attempt:
            attempt.accepted("m-1")
        ledger.of("other").plan([PlannedJob(key="a", body=bodies["a"], operation=MEDIA, estimate=50)])
    return tmp_path


def test_a_table_that_was_renamed(emulator: Emulator, vimmerse: Vimmerse) -> None:
    done = vimmerse("batch", "run", "renamed.csv", "--dry-run")

    assert done.code == 0
    assert done.err == (
        "1 row is a job of the batch 'my clips' already, and paid. A table with another name is another batch: they "
        "are paid again. To go on with that one: --name 'my clips'\n"
    )
    assert "To send: 2" in done.out


def test_a_table_that_was_copied_and_changed(emulator: Emulator, vimmerse: Vimmerse, folder: Path) -> None:
    (folder / "renamed.csv").write_text("key,prompt\na,Boats\nc,Boats\nd,Foxes\n")

    assert vimmerse("batch", "run", "renamed.csv", "--dry-run").err.startswith("2 rows are jobs of the batch")


@pytest.mark.parametrize("name", ["my clips", "other"])
def test_a_batch_that_exists_is_not_new(emulator: Emulator, vimmerse: Vimmerse, name: str) -> None:
    assert vimmerse("batch", "run", "renamed.csv", "--dry-run", "--name", name).err == ""
