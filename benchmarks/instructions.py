"""The machine instructions of a translation, which do not depend on the load of the machine.

    scripts/bench instructions             compare with instructions.json
    scripts/bench instructions --update    rewrite instructions.json

valgrind's callgrind counts them in two runs with a fixed hash seed; the difference excludes the start of the
interpreter. The figures are for one interpreter; another build has others.
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
from pathlib import Path

from benchmarks.processes import ROOT, environment
from benchmarks.translation import CASES

BASELINE = Path(__file__).with_name("instructions.json")
#: Figures repeat within a tenth of this; anything above it is a real change.
TOLERANCE = 0.02
_FEW, _MANY = 20, 120


def interpreter() -> str:
    """What the figures depend on, apart from the code."""
    return f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}"


def count(case: str) -> float:
    """Instructions of one translation."""
    _collected(case, 0, valgrind=False)  # writes the bytecode
    few, many = (_collected(case, times) for times in (_FEW, _MANY))
    return (many - few) / (_MANY - _FEW)


def _collected(case: str, times: int, *, valgrind: bool = True) -> int:
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"] if valgrind else []
    program = [sys.executable, "-m", "benchmarks.translation", case, str(times)]
    done = subprocess.run(
        [*command, *program],
        cwd=ROOT,
        env=environment(PYTHONHASHSEED="0", PYTHONMALLOC="pymalloc"),
        capture_output=True,
        text=True,
        check=False,
    )
    match = re.search(r"Collected : (\d+)", done.stderr)
    if not valgrind and not done.returncode:
        return 0
    if done.returncode or match is None:
        raise RuntimeError(f"callgrind failed:\n{done.stderr[-2000:]}")
    return int(match[1])


def main(arguments: list[str]) -> int:
    """Compare, or write. The exit status is 1 if a figure has grown."""
    parser = argparse.ArgumentParser(prog="scripts/bench instructions", description=__doc__.partition("\n")[0])
    parser.add_argument("--update", action="store_true", help="rewrite the baseline")
    options = parser.parse_args(arguments)
    if shutil.which("valgrind") is None:
        print("This needs valgrind (apt install valgrind).", file=sys.stderr)
        return 2
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    before = known.get(interpreter(), {})
    counts: dict[str, int] = {}
    worse = False
    print(f"{'instructions of one translation':34}{'now':>10}{'before':>10}{'ratio':>8}   {interpreter()}")
    for case in CASES:
        counts[case] = round(count(case))
        old = before.get(case)
        change = counts[case] / old if old else 1.0
        worse = worse or change > 1 + TOLERANCE
        print(f"{case:34}{counts[case]:10,}{f'{old:,}' if old else '-':>10}{change:8.3f}", flush=True)
    if options.update:
        BASELINE.write_text(json.dumps({**known, interpreter(): counts}, indent=2, sort_keys=True) + "\n")
        return 0
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
