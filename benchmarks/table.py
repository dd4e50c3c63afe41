"""The table that ``scripts/bench`` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.measure import FEW, Ratio


@dataclass(frozen=True)
class Row:
    """One measurement.

    ``value`` is a ratio if ``unit`` is ``x``, otherwise an absolute figure. ``low`` and ``high`` are the quartiles of
    several samples; of few ``samples``, the minimum and the maximum, which the table says. ``target`` is an upper
    limit, or a lower limit if ``at_least`` is set, or None. ``cpu`` is the ratio of CPU time.
    """

    what: str
    against: str
    value: float
    unit: str = "x"
    low: float | None = None
    high: float | None = None
    target: float | None = None
    at_least: bool = False
    cpu: float | None = None
    note: str = ""
    samples: int = FEW

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None if there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def cells(self) -> list[str]:
        """The row as text."""
        spread = "" if self.low is None or self.high is None else f"{number(self.low)}-{number(self.high)}"
        if spread and self.samples < FEW:
            spread += f", all {self.samples}"
        target = ""
        if self.target is not None:
            target = f"{'>=' if self.at_least else '<='} {number(self.target)}"
        met = {None: "", True: "yes", False: "NO"}[self.met]
        unit = "" if self.unit == "x" else f" {self.unit}"
        cpu = "" if self.cpu is None else number(self.cpu)
        return [self.what, self.against, number(self.value) + unit, spread, cpu, target, met, self.note]


HEADS = ["what", "against", "result", "quartiles", "by CPU", "target", "met", ""]


def compared(what: str, against: str, ratio: Ratio, target: float | None, note: str = "") -> Row:
    """The row of a comparison."""
    shown = note or f"{duration(ratio.mine)} / {duration(ratio.other)}"
    return Row(
        what, against, ratio.median, "x", ratio.low, ratio.high, target, cpu=ratio.cpu, note=shown, samples=ratio.pairs
    )


def number(value: float) -> str:
    """Three significant digits."""
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"


def duration(seconds: float) -> str:
    """Seconds in a suitable unit."""
    if seconds >= 1:
        return f"{number(seconds)} s"
    return f"{number(seconds * 1e3)} ms" if seconds >= 1e-3 else f"{number(seconds * 1e6)} us"


def render(rows: Iterable[Row]) -> str:
    """Rows as a Markdown table."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    shown = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    shown.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(shown)
