"""How long the repository's own commands take."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator

from benchmarks.processes import ROOT, environment
from benchmarks.table import Row


def regenerate(rounds: int) -> Iterator[Row]:
    """``scripts/regenerate --check``, which generates both clients, with its tools installed."""
    walls: list[float] = []
    for turn in range(rounds + 1):
        began = time.perf_counter()
        subprocess.run(["scripts/regenerate", "--check"], cwd=ROOT, env=environment(), check=True, capture_output=True)
        if turn:  # the first one may fetch the tools
            walls.append(time.perf_counter() - began)
    yield Row(
        "scripts/regenerate --check",
        "",
        statistics.median(walls),
        "s",
        min(walls),
        max(walls),
        target=5,
        samples=rounds,
    )
