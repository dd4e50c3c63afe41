"""Coverage-guided fuzzing of the targets with atheris; ``scripts/fuzz`` starts it.

    python -m tests.fuzz.run --seconds 60 [TARGET ...]

Each target gets an equal share of the time in a process of its own. What grows is kept in .tools/fuzz/corpus, what
fails is written to .tools/fuzz/found: put it into tests/fuzz/findings under a name that says what it is, and fix it.
"""

from __future__ import annotations

import argparse
import logging
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[2]
SCRATCH = HOME / ".tools" / "fuzz"


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    atheris: Any = import_module("atheris")  # in an environment of its own

    logging.disable(logging.CRITICAL)  # python-multipart has a word for each odd byte
    # Instrumented while they are imported: ours, and the parsers below it.
    with atheris.instrument_imports(include=["vimmerse", "python_multipart", "tests.fuzz.targets"]):
        from tests.fuzz.targets import TARGETS
    from tests.fuzz.seeds import SEEDS

    corpus, result = SCRATCH / "corpus" / name, SCRATCH / "found"
    for folder in (corpus, result):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-artifact_prefix={result}/{name}-",
            f"-max_total_time={seconds}",
            "-max_len=4096",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            "-verbosity=0",
        ],
        TARGETS[name],
    )
    atheris.Fuzz()


def main() -> int:
    """Fuzz each target in turn; 1 if one failed."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz")
    parser.add_argument("targets", nargs="*", help="default: all")
    parser.add_argument("--seconds", type=int, default=300, help="in all")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        fuzz(options.one, options.seconds)
        return 0
    from tests.fuzz.seeds import SEEDS

    names = options.targets or list(SEEDS)
    failed = []
    for name in names:
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.run",
            "--one",
            name,
            "--seconds",
            str(max(1, options.seconds // len(names))),
        ]
        done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
        reported = done.stdout + done.stderr
        runs = re.search(r"number_of_executed_units: (\d+)", reported)
        print(
            f"{name}: {runs[1] if runs else '?'} inputs, {'FAILED' if done.returncode else 'nothing found'}", flush=True
        )
        if done.returncode:
            failed.append(name)
            print(reported[-4000:], flush=True)
    if failed:
        print(f"Found in {', '.join(failed)}: see {SCRATCH.relative_to(HOME)}/found", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
