"""What scripts/mutate does: it runs tests/core on a copy of the library, once for each of a seeded sample of mutations.

A mutation that no test notices survives. Those that change no behaviour (a text for people, an optimisation, a
comparison that can't be equal) are named in EQUIVALENT with the reason, and count neither way.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
SCRATCH = HOME / ".tools" / "mutate"
COPY = SCRATCH / "copy"
SESSION = SCRATCH / "session.sqlite"
PACKAGE = Path("compat", "vimmerse", "compat")
MUTATED = ("core", "rules", "flows")
COPIED = ("compat", "tests", "openapi", "conftest.py", "pyproject.toml")
PYTHON = HOME / ".venv" / "bin" / "python"
COSMIC_RAY = Path(sys.executable).with_name("cosmic-ray")
#: The slowest last: most mutations end before it.
SLOW = "test_properties.py"
TESTS = sorted(
    (str(path.relative_to(HOME)) for path in (HOME / "tests" / "core").glob("test_*.py")),
    key=lambda name: (name.endswith(SLOW), name),
)
TIMEOUT = 120.0  # seconds; the tests take a tenth of it
#: Operators that change no behaviour here. ``|`` occurs in annotations, which are never evaluated, and in a few unions.
IGNORED = ("core/ReplaceBinaryOperator_BitOr_", "core/RemoveDecorator")


def main() -> int:
    """Run a sample and print its report, or print the report of the last run."""
    parser = argparse.ArgumentParser(prog="scripts/mutate")
    parser.add_argument("files", nargs="*", help="below compat/vimmerse/compat; default: core/, rules/ and flows/")
    parser.add_argument("--sample", type=int, default=150, help="how many changes; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    if not options.report:
        key = repr((options.files, options.sample, options.seed, fingerprint()))
        stamp = SCRATCH / "key"
        if not (SESSION.exists() and stamp.exists() and stamp.read_text() == key):
            prepare(options.files, options.sample, options.seed)
            stamp.write_text(key)
        run()
    return report()


def fingerprint() -> str:
    """A digest of the mutated code and of the tests that should notice."""
    import hashlib

    digest = hashlib.sha256()
    for place in (*(HOME / PACKAGE / name for name in MUTATED), HOME / "tests" / "core", HOME / "tests" / "cases"):
        for path in sorted(place.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare(files: list[str], sample: int, seed: int) -> None:
    """The copy, and the list of mutations in the session."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in COPIED:
        place = HOME / name
        if place.is_dir():
            shutil.copytree(place, COPY / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, COPY / name)
    chosen = [PACKAGE / name for name in files] or [
        path.relative_to(HOME) for name in MUTATED for path in sorted((HOME / PACKAGE / name).glob("*.py"))
    ]
    (COPY / "mutate.toml").write_text(
        "[cosmic-ray]\n"
        f"module-path = {[str(path) for path in chosen]!r}\n"
        f"timeout = {TIMEOUT}\n"
        "excluded-modules = []\n"
        f"test-command = {command()!r}\n"
        "[cosmic-ray.distributor]\n"
        'name = "local"\n'
    )
    check()
    subprocess.run([COSMIC_RAY, "init", "mutate.toml", SESSION], cwd=COPY, env=environment(), check=True)
    with sqlite3.connect(SESSION) as session:
        rows = session.execute(
            "SELECT job_id, operator_name FROM mutation_specs ORDER BY module_path, start_pos_row,"
            " start_pos_col, operator_name, occurrence"
        ).fetchall()
        dropped = {job for job, operator in rows if operator.startswith(IGNORED)}
        left = [job for job, _ in rows if job not in dropped]
        if sample and sample < len(left):
            dropped |= set(left) - set(random.Random(seed).sample(left, sample))
        for table in ("mutation_specs", "work_items"):
            session.executemany(f"DELETE FROM {table} WHERE job_id = ?", [(job,) for job in dropped])
    (SCRATCH / "total").write_text(str(len(left)))


def check() -> None:
    """The tests must pass on the unchanged copy, and pass again with the files that the first run leaves behind."""
    for _ in range(2):
        subprocess.run(tests(), cwd=COPY, env=environment(), check=True, stdout=subprocess.DEVNULL)


def tests() -> list[str]:
    """The command that must fail on a mutated copy."""
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-o", "norecursedirs=.*"]
    return [str(PYTHON), "-m", "pytest", *options, *TESTS]


def command() -> str:
    """That command on one line; cosmic-ray splits it as a shell would."""
    return " ".join(tests())


def environment() -> dict[str, str]:
    """The copy goes before the installed package; nothing compiled is left behind, since files change in a second."""
    return {**os.environ, "PYTHONPATH": str(COPY / "compat"), "PYTHONDONTWRITEBYTECODE": "1"}


def run() -> None:
    """Try the mutations that are left, then the unchanged copy again, to show that the copy did not cause failures."""
    subprocess.run([COSMIC_RAY, "exec", "mutate.toml", SESSION], cwd=COPY, env=environment(), check=True)
    check()


def report() -> int:
    """The score, and every survivor with its change."""
    if not SESSION.exists():
        print("There was no run yet: scripts/mutate", file=sys.stderr)
        return 2
    with sqlite3.connect(SESSION) as session:
        rows = session.execute(
            "SELECT m.module_path, m.start_pos_row, m.operator_name, m.occurrence, r.test_outcome, r.diff"
            " FROM mutation_specs m JOIN work_results r ON r.job_id = m.job_id"
            " ORDER BY m.module_path, m.start_pos_row"
        ).fetchall()
    outcomes: Counter[str] = Counter()
    survivors = []
    rows = [row for row in rows if not row[2].startswith(IGNORED)]
    for path, row, operator, _, outcome, diff in rows:
        name = str(outcome).rpartition(".")[2].lower()
        known = name == "survived" and reason(diff or "")
        outcomes["equivalent" if known else name] += 1
        if name == "survived" and not known:
            survivors.append(f"{Path(path).relative_to(PACKAGE)}:{row} {operator}\n{changed(diff or '')}")
    print("\n\n".join(survivors))
    counted = len(rows) - outcomes["equivalent"]
    killed = counted - outcomes["survived"]
    total = (SCRATCH / "total").read_text()
    print(f"\n{len(rows)} of {total} mutations tried; {dict(outcomes)}")
    print(f"score: {killed} of {counted}, {100 * killed / max(1, counted):.1f} %")
    return 0


def changed(diff: str) -> str:
    """The changed lines of a diff."""
    return "\n".join(line for line in diff.splitlines() if re.match(r"[+-](?![+-]{2})", line))


#: Changes without effect: regular expressions for the changed lines, with the reason.
EQUIVALENT: dict[str, str] = {
    r"is True\n\+.*== True": "it is True, False or None",
    r"field\(.*(repr|compare)=": "what a message shows and compares is for people and tests",
    r"\+.*operation\.paid >= ": "of always, never and update the last sorts last",
    r"\+.*len\(steps\) <= 1": "there is always one",
    r"\+.*data == self\._piece": "a quicker way to see that they are equal",
    r"\+    (values|fields|field_size|fields_size|part_headers|header_size): int": "a limit may be another",
    r'text\[:56\] \+ "\.\.\."': "how a long value is shortened in a warning",
}


def reason(diff: str) -> str:
    """Why a survivor does not count, or an empty text."""
    lines = changed(diff)
    return next((why for pattern, why in EQUIVALENT.items() if re.search(pattern, lines, re.MULTILINE)), "")


if __name__ == "__main__":
    sys.exit(main())
