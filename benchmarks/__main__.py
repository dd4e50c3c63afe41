"""``scripts/bench``: measure, and print a table."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping

from benchmarks import growth, instructions, lines
from benchmarks.batches import batches
from benchmarks.calls import calls
from benchmarks.checks import checks
from benchmarks.distance import distance
from benchmarks.gateways import gateways
from benchmarks.layers import layers
from benchmarks.processes import environment
from benchmarks.scripts import regenerate
from benchmarks.starts import breakdown, commands, emulators, imports, starts
from benchmarks.streams import streams
from benchmarks.table import Row, render
from benchmarks.translating import translating
from benchmarks.uploads import uploads
from benchmarks.waits import waits

#: The groups of rows by name: what measures them, the rounds of a full run, and those with --quick.
GROUPS: Mapping[str, tuple[Callable[[int], Iterator[Row]], int, int]] = {
    "imports": (imports, 15, 3),
    "starts": (starts, 15, 3),
    "emulator": (emulators, 15, 3),
    "commands": (commands, 15, 3),
    "check": (checks, 3, 1),
    "calls": (calls, 40, 3),
    "layers": (layers, 40, 2),
    "distance": (distance, 7, 1),
    "translation": (translating, 40, 3),
    "gateway": (gateways, 7, 1),
    "streams": (streams, 5, 1),
    "uploads": (uploads, 2, 1),
    "waits": (waits, 5, 1),
    "batches": (batches, 3, 1),
    "regenerate": (regenerate, 3, 1),
}


def machine() -> str:
    """The machine that the figures are from."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}{load}"


def main(arguments: list[str]) -> int:
    """The exit status is 1 if a target is missed."""
    if arguments[:1] == ["instructions"]:
        return instructions.main(arguments[1:])
    if arguments[:1] == ["lines"]:
        return lines.main()
    if arguments[:1] == ["importtime"]:
        print(breakdown(arguments[1], " ".join(arguments[2:3])))
        return 0
    clean = environment()
    if any(name not in clean for name in os.environ):  # proxies and the like affect this process too
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks", *arguments], clean)
    if arguments[:1] == ["growth"]:
        return growth.main(arguments[1:])
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure, and print a table of ratios.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"{', '.join(GROUPS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that everything runs")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.groups if name not in GROUPS]
    if unknown:
        parser.error(f"there is no group {unknown[0]}; the groups are {', '.join(GROUPS)}")
    rows: list[Row] = []
    print(machine(), file=sys.stderr)
    for name in options.groups or GROUPS:
        measure, full, quick = GROUPS[name]
        print(f"{name} ...", file=sys.stderr, flush=True)
        for row in measure(quick if options.quick else full):
            print("  " + " | ".join(row.cells()), file=sys.stderr, flush=True)
            rows.append(row)
    print(render(rows))
    print(machine())
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
