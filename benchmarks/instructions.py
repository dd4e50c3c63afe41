"""Machine instructions of translations and calls, which do not depend on the load of the machine.

    scripts/bench instructions             compare calls with their targets, and translations with instructions.json
    scripts/bench instructions --update    rewrite instructions.json
    python -m benchmarks.instructions CLIENT KIND BASE_URL TIMES      repeat a call, for callgrind

valgrind's callgrind counts them in two runs with a fixed hash seed; the difference excludes the start of the
interpreter. The figures are for one interpreter; another build has others. The kernel is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import clients
from benchmarks.clients import Client, polling
from benchmarks.processes import ROOT, environment, server
from benchmarks.translation import CASES

BASELINE = Path(__file__).with_name("instructions.json")
#: Figures of translations repeat within a tenth of this; anything above it is a real change.
TOLERANCE = 0.02
#: The repetitions of the two runs.
TRANSLATIONS, CALLS = (20, 120), (5, 20)

KINDS: Mapping[str, Callable[[Client], Client]] = {"create": lambda client: client, "poll": polling}
#: A client of this library, the plain client, and the highest ratio that is accepted.
COMPARISONS = (
    (clients.TRANSPORT, clients.RAW_V1, 1.35),
    (clients.DROP_IN_SESSION, clients.RAW_SESSION, 1.20),
    (clients.DROP_IN, clients.RAW_REQUESTS, 1.00),
)
CLIENTS = {client.name: client for mine, other, _ in COMPARISONS for client in (mine, other)}


def interpreter() -> str:
    """What the figures depend on, apart from the code."""
    return f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}"


def count(module: str, *arguments: str, times: tuple[int, int]) -> float:
    """Instructions of one repetition of what a module repeats."""
    _run(module, *arguments, "1")  # writes the bytecode
    few, many = (_collected(module, *arguments, str(number)) for number in times)
    return (many - few) / (times[1] - times[0])


def _run(module: str, *arguments: str, tool: tuple[str, ...] = ()) -> str:
    done = subprocess.run(
        [*tool, sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(PYTHONHASHSEED="0", PYTHONMALLOC="pymalloc"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr[-2000:]}")
    return done.stderr


def _collected(module: str, *arguments: str) -> int:
    tool = ("valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}")
    output = _run(module, *arguments, tool=tool)
    match = re.search(r"Collected : (\d+)", output)
    if match is None:
        raise RuntimeError(f"callgrind reported no figure:\n{output[-2000:]}")
    return int(match[1])


def compare_calls() -> bool:
    """Print the ratio of each comparison; returns whether all targets are met."""
    met = True
    print(f"{'instructions of one call':44}{'ours':>10}{'plain':>10}{'ratio':>8}{'target':>8}")
    with server() as port:
        base = f"http://127.0.0.1:{port}"
        for mine, other, target in COMPARISONS:
            for kind in KINDS:
                ours, plain = (
                    count("benchmarks.instructions", client.name, kind, base, times=CALLS) for client in (mine, other)
                )
                met = met and ours / plain <= target
                what = f"{kind}: {mine.name} / {other.name}"
                print(f"{what:44}{ours:10,.0f}{plain:10,.0f}{ours / plain:8.2f}{target:8.2f}", flush=True)
    return met


def compare_translations(before: Mapping[str, int]) -> dict[str, int]:
    """Print and return the figure of each case."""
    counts: dict[str, int] = {}
    print(f"{'instructions of one translation':44}{'now':>10}{'before':>10}{'ratio':>8}   {interpreter()}")
    for case in CASES:
        counts[case] = round(count("benchmarks.translation", case, times=TRANSLATIONS))
        old = before.get(case, counts[case])
        print(f"{case:44}{counts[case]:10,}{old:10,}{counts[case] / old:8.3f}", flush=True)
    return counts


def main(arguments: list[str]) -> int:
    """Compare, or write. The exit status is 1 if a target is missed or a translation takes more than before."""
    parser = argparse.ArgumentParser(prog="scripts/bench instructions", description=__doc__.partition("\n")[0])
    parser.add_argument("--update", action="store_true", help="rewrite the baseline of the translations")
    options = parser.parse_args(arguments)
    if shutil.which("valgrind") is None:
        print("This needs valgrind (apt install valgrind).", file=sys.stderr)
        return 2
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    before = known.get(interpreter(), {})
    counts = compare_translations(before)
    if options.update:
        BASELINE.write_text(json.dumps({**known, interpreter(): counts}, indent=2, sort_keys=True) + "\n")
        return 0
    grown = any(counts[case] > before.get(case, counts[case]) * (1 + TOLERANCE) for case in counts)
    return 0 if compare_calls() and not grown else 1


def repeat(name: str, kind: str, base: str, times: int) -> None:
    """Make a call several times."""
    warnings.simplefilter("default")  # as in a script
    with tempfile.TemporaryDirectory() as folder:
        call = KINDS[kind](CLIENTS[name]).function(base, Path(folder))
        for _ in range(times):
            call()


if __name__ == "__main__":
    repeat(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
