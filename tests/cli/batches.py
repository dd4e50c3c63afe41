"""Tables and jobs for the tests of ``vimmerse batch``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vimmerse.batch import PlannedJob, State, read_ledger
from vimmerse.emulator import Emulator

STORY = "POST /v2/story/idea-2-video"
QUICK = ("--interval", "0.01")
RUN = ("batch", "run", "clips.csv", *QUICK)


def write(folder: Path, *rows: str, header: str = "key,idea,scene_count") -> Path:
    path = folder / "clips.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def creations(emulator: Emulator) -> int:
    return len([each for each in emulator.requests if each.method == "POST" and each.path != "/v2/image"])


def states() -> dict[str, State]:
    with read_ledger() as (batch,):
        return {job.key: job.state for job in batch.jobs()}


def planned(*keys: str, place: str = "clips.csv", **values: Any) -> list[PlannedJob]:
    options: dict[str, Any] = {"operation": STORY, "estimate": 150, **values}
    return [
        PlannedJob(key=key, body={"idea": key}, place=f"{place}:{line}" if place else "", **options)
        for line, key in enumerate(keys, 2)
    ]
