"""Comparing two functions on a machine with other load.

* The two are measured in turn, A B A B, and compared in pairs: load affects both.
* The result is the median of the pairs' ratios, with the quartiles to show the noise.
* A sample has wall-clock time and the CPU time of this process. CPU time is not affected by other processes, but does
  not include waiting; targets are for the wall clock.
* The garbage collector runs between samples, not during one.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.processes import Cost

Function = Callable[[], object]


#: Fewer samples have no quartiles worth the name: their minimum and maximum are shown instead.
FEW = 8


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The quartiles of these values, or the minimum and the maximum of few."""
    if len(values) < FEW:
        return min(values), max(values)
    low, _, high = statistics.quantiles(values, n=4)
    return low, high


@dataclass(frozen=True)
class Ratio:
    """The cost of one function divided by another's. ``low`` and ``high`` are the :func:`spread` of the pairs."""

    median: float
    low: float
    high: float
    cpu: float
    mine: float  # seconds, the median of the samples
    other: float
    pairs: int


def ratio(mine: Sequence[Cost], other: Sequence[Cost]) -> Ratio:
    """Compare samples that were taken in turn."""
    pairs = list(zip(mine, other, strict=True))
    ratios = [one.wall / two.wall for one, two in pairs]
    low, high = spread(ratios)
    return Ratio(
        statistics.median(ratios),
        low,
        high,
        statistics.median(one.cpu / two.cpu if two.cpu else 1.0 for one, two in pairs),
        statistics.median(one.wall for one in mine),
        statistics.median(one.wall for one in other),
        len(pairs),
    )


def sample(function: Function, times: int) -> Cost:
    """The cost of one call, from ``times`` calls in a row."""
    gc.collect()
    gc.disable()
    try:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(times):
            function()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    finally:
        gc.enable()
    return Cost(wall / times, cpu / times)


def in_turn(functions: Sequence[Function], *, rounds: int, times: int) -> list[list[Cost]]:
    """Sample the functions in turn, after a warm-up. Each goes first equally often."""
    for function in functions:
        sample(function, max(1, times // 4))
    samples: list[list[Cost]] = [[] for _ in functions]
    for turn in range(rounds):
        order = list(range(len(functions)))
        order = order[turn % len(order) :] + order[: turn % len(order)]
        for index in order:
            samples[index].append(sample(functions[index], times))
    return samples
