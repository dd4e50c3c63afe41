"""``vimmerse batch`` on PostgreSQL: with the engine dbos, and without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from vimmerse.cli import main
from vimmerse.emulator import Emulator

from tests.batch.engines.fleet import API_KEY


@pytest.mark.parametrize("engine", ["local", pytest.param("dbos", marks=pytest.mark.exhaustive)])
def test_a_table_becomes_files(
    emulator: Emulator,
    database: str,
    engine: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if engine == "dbos":
        pytest.importorskip("dbos", reason="DBOS is not installed")
    monkeypatch.setenv("VIMMERSE_API_KEY", API_KEY)
    monkeypatch.setenv("VIMMERSE_BASE_URL", emulator.base_url)
    monkeypatch.setenv("VIMMERSE_DATABASE_URL", database)
    table = tmp_path / f"{engine}.csv"
    table.write_text("key,prompt\nboat,A boat\ncat,A cat\ndog,A dog\n")
    run = ["batch", "run", str(table), "--engine", engine, "--interval", "0.05", "--download", str(tmp_path / "out")]

    code = main([*run, "--budget", "100", "--json"])
    first = json.loads(capsys.readouterr().out)
    again = main([*run, "--budget", "none", "--json"])
    second = json.loads(capsys.readouterr().out)
    status = main(["batch", "status", "--name", engine])

    assert (code, first["exit_code"], first["states"]["finished"]) == (6, 6, 2)
    assert "raise --budget: vimmerse batch run" in first["message"]
    assert (again, status) == (0, 0)
    assert (second["states"]["finished"], second["spent"]) == (3, 150)
    assert capsys.readouterr().out.startswith(f"{engine}: 3 jobs: 3 finished\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["boat.mp4", "cat.mp4", "dog.mp4"]
    assert len([each for each in emulator.requests if each.method == "POST"]) == 3
