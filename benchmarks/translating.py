"""The translation alone (:mod:`benchmarks.translation`): its time, and the cost of large bodies."""

from __future__ import annotations

import statistics
import tracemalloc
from collections.abc import Iterator

from benchmarks.measure import sample
from benchmarks.table import Row, duration
from benchmarks.translation import DETAILED, DOCUMENTED, large, poll, post

_TARGET = 60.0  # microseconds
_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def translating(rounds: int) -> Iterator[Row]:
    """The translation of the request and of the response together."""
    for what, function, target in (
        ("translation: idea-2-video, as documented", post(DOCUMENTED), _TARGET),
        ("translation: idea-2-video, nine fields", post(DETAILED), _TARGET),
        ("translation: a poll", poll(), _TARGET),
    ):
        sample(function, 200)
        walls = [sample(function, 200).wall * 1e6 for _ in range(rounds)]
        low, median, high = statistics.quantiles(walls, n=4)
        yield Row(what, "", median, "us", low, high, target, note=f"minimum {min(walls):.1f} us")
    costs: list[float] = []
    peaks: list[float] = []
    for size in _SIZES:
        function = large(size)
        times = max(1, 1_000_000 // size)
        costs.append(min(sample(function, times).cpu for _ in range(max(3, rounds // 5))) / size)
        if size >= _SIZES[-2]:
            tracemalloc.start()
            function()
            peaks.append(tracemalloc.get_traced_memory()[1] / size)
            tracemalloc.stop()
    each = ", ".join(f"{duration(cost * size)}" for cost, size in zip(costs, _SIZES, strict=True))
    yield Row(
        "translation: CPU for each byte, 10 MB of storyboard",
        "100 kB",
        costs[-1] / costs[1],
        target=1.25,
        note=f"10 kB, 100 kB, 1 MB, 10 MB: {each}",
    )
    yield Row(
        "translation: peak memory, 10 MB of storyboard",
        "its size",
        peaks[-1],
        note=f"1 MB: {peaks[0]:.1f} times; without the form, with its text, values, JSON and response",
    )
