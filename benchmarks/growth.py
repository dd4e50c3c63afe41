"""``scripts/bench growth``: how the cost of one unit of work changes with the amount of work.

    scripts/bench growth           measure; write growth.json, and draw docs/growth.svg
    scripts/bench growth --draw    only draw

Each panel shows CPU time against the amount of work. Where it is that of one unit (a call, a poll, a line), a flat
curve means that the total is linear.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import checks, gateways, streams, waits
from benchmarks.processes import ROOT, server

FIGURES = Path(__file__).with_name("growth.json")
PICTURE = ROOT / "docs" / "growth.svg"

#: The name of a curve, the amount of work, and the seconds of CPU time.
Point = tuple[str, int, float]


@dataclass(frozen=True)
class Panel:
    """One panel of the picture.

    ``measure`` takes whether to measure little (to see that it runs), and yields points. ``scale`` converts their
    seconds to the unit in ``cost``, whose axis is logarithmic if ``steep`` is set.
    """

    title: str
    work: str
    cost: str
    scale: float
    measure: Callable[[bool], Iterator[Point]]
    steep: bool = False


def bodies(quick: bool) -> Iterator[Point]:
    """A v1 form with a file, sent in this process: CPU time for each call."""
    sizes = [10**exponent for exponent in range(3, 6 if quick else 9)]
    with server() as port:
        for name in ("CompatTransport", "httpx"):
            with streams.CLIENTS[name](f"http://127.0.0.1:{port}") as transfer:
                for size in sizes:
                    times = 2 if quick else max(3, min(500, 10**8 // size))
                    transfer("form", "/media", size)
                    began = time.process_time()
                    for _ in range(times):
                        transfer("form", "/media", size)
                    yield name, size, (time.process_time() - began) / times


def gateway_calls(quick: bool) -> Iterator[Point]:
    """Polls through the gateway and other proxies, to an API with a latency of 200 ms: CPU time for each call."""
    connections, seconds = ((16, 64), 1.0) if quick else (gateways.GROWTH, 4.0)
    for name, start in gateways.PROXIES.items():
        for point in gateways.growth(start, connections, seconds):
            yield name, point.connections, point.cpu


def polls(quick: bool) -> Iterator[Point]:
    """CPU time for each poll of ``wait_all_async``."""
    for jobs, microseconds in waits.growth(quick):
        yield "wait_all_async", jobs, microseconds / 1e6


def files(quick: bool) -> Iterator[Point]:
    """CPU time of ``vimmerse check`` for each line of a tree of files."""
    for lines, seconds in checks.growth(checks.LINES[:2] if quick else checks.LINES):
        yield "vimmerse check", lines, seconds / lines


PANELS = {
    "gateway": Panel(
        "A call through a gateway, API of 200 ms", "connections", "ms of CPU a call", 1e3, gateway_calls, steep=True
    ),
    "waits": Panel("Waiting for jobs", "jobs", "µs of CPU a poll", 1e6, polls),
    "bodies": Panel("A v1 form with a file", "bytes", "ms of CPU a call", 1e3, bodies, steep=True),
    "checks": Panel("Checking source code", "lines", "µs of CPU a line", 1e6, files),
}


def measure(quick: bool) -> dict[str, list[Point]]:
    """Measure all panels, one after the other."""
    figures: dict[str, list[Point]] = {}
    for name, panel in PANELS.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures[name] = []
        for point in panel.measure(quick):
            print("  ", *point, file=sys.stderr, flush=True)
            figures[name].append(point)
    return figures


def draw(figures: dict[str, list[Point]], picture: Path) -> None:
    """Write the panels as SVG. The same figures give the same file."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "vimmerse", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 2, figsize=(10, 7), layout="constrained")
    axis: Any
    for axis, (name, points) in zip(axes.flat, figures.items(), strict=False):
        panel = PANELS[name]
        curves: dict[str, list[tuple[int, float]]] = {}
        for curve, work, cost in points:
            curves.setdefault(curve, []).append((work, cost * panel.scale))
        for curve, values in curves.items():
            axis.plot(*zip(*values, strict=True), marker="o", markersize=3, label=curve)
        axis.set(title=panel.title, xlabel=panel.work, ylabel=panel.cost, xscale="log")
        if panel.steep:
            axis.set_yscale("log")
            axis.set_ylim(top=axis.get_ylim()[1] * 30)  # room for the legend
        else:
            axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
        axis.legend(loc="upper left" if panel.steep else "lower left", fontsize=8)
    figure.savefig(picture, metadata={"Date": None})
    pyplot.close(figure)


def main(arguments: list[str]) -> int:
    """The exit status is 0."""
    parser = argparse.ArgumentParser(prog="scripts/bench growth", description=__doc__)
    parser.add_argument("--draw", action="store_true", help="only draw the figures of the last measurement")
    parser.add_argument("--quick", action="store_true", help="measure little, and write nothing")
    options = parser.parse_args(arguments)
    if not options.draw:
        figures = measure(options.quick)
        if options.quick:
            return 0
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    draw(json.loads(FIGURES.read_text()), PICTURE)
    return 0
