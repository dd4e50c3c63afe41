"""Machine instructions of translations and calls, which do not depend on the load of the machine.

    scripts/bench instructions             compare calls with their targets, and everything with instructions.json
    scripts/bench instructions --check     status 1 if a call takes more than instructions.json says; for CI
    scripts/bench instructions --update    rewrite instructions.json
    python -m benchmarks.instructions CLIENT KIND BASE_URL TIMES      repeat a call, for callgrind

valgrind's callgrind counts them in two runs with a fixed hash seed; the difference excludes the start of the
interpreter. The figures are for one build of the interpreter: another one is compared by the ratio to the plain
library alone. The kernel is not counted.
"""

from __future__ import annotations

import argparse
import gc
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

#: By what is counted: the instructions of ours, and of the plain library (1 where there is none).
Baseline = dict[str, tuple[int, int]]

BASELINE = Path(__file__).with_name("instructions.json")
#: Figures repeat within a tenth of this; anything above it is a real change.
TOLERANCE = 0.02
#: For the ratio on another build of the same version of the language.
TOLERANCE_OF_BUILDS = 0.05
#: The repetitions of the two runs.
TRANSLATIONS, CALLS = (20, 120), (5, 20)

KINDS: Mapping[str, Callable[[Client], Client]] = {"create": lambda client: client, "poll": polling}
#: A client of this library, the plain client, and the highest ratio that is accepted.
COMPARISONS = (
    (clients.RESOURCE, clients.RAW_V2, 1.10),
    (clients.TYPED_V2, clients.RAW_V2, 1.10),
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


def baseline(known: Mapping[str, Baseline], name: str) -> tuple[Baseline, bool]:
    """Return the figures of an interpreter, or those of another build of its version; and whether they are its own."""
    if name in known:
        return known[name], True
    version, machine = name.rpartition(".")[0], name.rpartition(" ")[2]
    others = [one for other, one in known.items() if other.startswith(f"{version}.") and other.endswith(machine)]
    return (others[0] if others else {}), False


def grown(now: Baseline, before: Baseline, *, same_build: bool) -> list[str]:
    """Return what takes more than before, one line each."""
    lines = []
    for what, (ours, plain) in now.items():
        if what not in before:
            continue
        old_ours, old_plain = before[what]
        ratio, old_ratio = ours / plain, old_ours / old_plain
        if ratio > old_ratio * (1 + (TOLERANCE if same_build else TOLERANCE_OF_BUILDS)):
            lines.append(f"{what}: {ratio:.3f} of the plain library, before {old_ratio:.3f}")
        if same_build and ours > old_ours * (1 + TOLERANCE):
            lines.append(f"{what}: {ours:,} instructions, before {old_ours:,}")
    return lines


def count_calls() -> tuple[Baseline, bool]:
    """Count and print each comparison; returns the figures, and whether all targets are met."""
    counts: Baseline = {}
    met = True
    print(f"{'instructions of one call':50}{'ours':>10}{'plain':>10}{'ratio':>8}{'target':>8}")
    with server() as port:
        base = f"http://127.0.0.1:{port}"
        for mine, other, target in COMPARISONS:
            for kind in KINDS:
                ours, plain = (
                    round(count("benchmarks.instructions", client.name, kind, base, times=CALLS))
                    for client in (mine, other)
                )
                what = f"{kind}: {mine.name} / {other.name}"
                counts[what] = ours, plain
                met = met and ours / plain <= target
                print(f"{what:50}{ours:10,}{plain:10,}{ours / plain:8.2f}{target:8.2f}", flush=True)
    return counts, met


def count_translations() -> Baseline:
    """Count and print each case, which has no plain counterpart."""
    counts: Baseline = {}
    print(f"{'instructions of one translation':50}{interpreter():>28}")
    for case in CASES:
        counts[case] = round(count("benchmarks.translation", case, times=TRANSLATIONS)), 1
        print(f"{case:50}{counts[case][0]:10,}", flush=True)
    return counts


def main(arguments: list[str]) -> int:
    """The exit status is 1 if something takes more than before, and without ``--check`` also if a target is missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench instructions", description=(__doc__ or "").partition("\n")[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="only compare whole calls with the baseline")
    mode.add_argument("--update", action="store_true", help="rewrite the baseline")
    options = parser.parse_args(arguments)
    if shutil.which("valgrind") is None:
        print("Instructions are not counted: valgrind is not installed (apt install valgrind).", file=sys.stderr)
        return 0 if options.check else 2
    known: dict[str, Baseline] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    counts = {} if options.check else count_translations()
    calls, met = count_calls()
    counts |= calls
    if options.update:
        BASELINE.write_text(json.dumps({**known, interpreter(): counts}, indent=2, sort_keys=True) + "\n")
        return 0
    before, same_build = baseline(known, interpreter())
    if not before:
        print(f"{BASELINE.name} has no figures of {interpreter()}.", file=sys.stderr)
    lines = grown(counts, before, same_build=same_build)
    print(*lines, sep="\n")
    return 1 if lines or not (met or options.check) else 0


def repeat(name: str, kind: str, base: str, times: int) -> None:
    """Make a call several times."""
    gc.disable()  # when it runs depends on what was imported
    warnings.simplefilter("default")  # as in a script
    with tempfile.TemporaryDirectory() as folder:
        call = KINDS[kind](CLIENTS[name]).function(base, Path(folder))
        for _ in range(times):
            call()


if __name__ == "__main__":
    repeat(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
