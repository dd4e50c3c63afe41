"""A batch from its first row to its last file."""

from __future__ import annotations

from pathlib import Path

from vimmerse.batch import State
from vimmerse.batch.events import Started

from tests.batch.runner.runs import Runner, clips


def test_sends_waits_and_downloads(runner: Runner, tmp_path: Path) -> None:
    summary = runner.run(clips(5), budget=1000, download=tmp_path / "out")

    assert summary.is_complete
    assert (summary.total, summary.downloaded, summary.stop_reason) == (5, 5, "")
    assert (summary.committed, summary.spent, summary.left) == (250, 250, 750)
    assert runner.created() == [f"Boat {number}" for number in range(1, 6)]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"clip{n}.mp4" for n in range(1, 6)]
    assert set(runner.states().values()) == {State.FINISHED}
    first = [event for event in runner.events if getattr(event, "key", "") == "clip1"]
    assert [type(event).__name__ for event in first] == [
        *("Reserved", "Submitted", "Progressed", "Finished", "Downloaded")
    ]
    assert [type(event) for event in runner.events].count(Started) == 1
