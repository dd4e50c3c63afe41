"""How two things are compared on a machine that does other things besides.

Laws:

* Two things are measured in turn, A B A B, and compared pair by pair: what slows the machine down slows both.
* A result is the median of the pairs' ratios; beside it stand the quartiles, so that noise is seen.
* Each sample has the time on the clock and the processor time of this process. The second is blind to neighbours, but
  also to waiting: targets are about the clock.
* The garbage collector is off while a sample is taken, and runs between two of them.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.processes import Cost

Work = Callable[[], object]


@dataclass(frozen=True)
class Ratio:
    """How one thing compares with another: below 1 is cheaper. ``low`` and ``high`` are the quartiles of the pairs."""

    median: float
    low: float
    high: float
    cpu: float
    mine: float  # seconds on the clock, the median of the samples
    other: float
    pairs: int


def ratio(mine: Sequence[Cost], other: Sequence[Cost]) -> Ratio:
    """Compare samples that were taken in turn."""
    pairs = list(zip(mine, other, strict=True))
    found = [one.wall / two.wall for one, two in pairs]
    low, _, high = statistics.quantiles(found, n=4) if len(found) > 1 else found * 3
    return Ratio(
        statistics.median(found),
        low,
        high,
        statistics.median(one.cpu / two.cpu if two.cpu else 1.0 for one, two in pairs),
        statistics.median(one.wall for one in mine),
        statistics.median(one.wall for one in other),
        len(pairs),
    )


def sample(work: Work, times: int) -> Cost:
    """The cost of one call, from so many in a row."""
    gc.collect()
    gc.disable()
    try:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(times):
            work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    finally:
        gc.enable()
    return Cost(wall / times, cpu / times)


def in_turn(works: Sequence[Work], *, rounds: int, times: int) -> list[list[Cost]]:
    """Samples of each work, taken in turn; each begins as often as any other. A first round warms up."""
    for work in works:
        sample(work, max(1, times // 4))
    found: list[list[Cost]] = [[] for _ in works]
    for turn in range(rounds):
        order = list(range(len(works)))
        order = order[turn % len(order) :] + order[: turn % len(order)]
        for index in order:
            found[index].append(sample(works[index], times))
    return found
