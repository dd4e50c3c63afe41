"""Print what pytest is to run for the changed files that stdin names, one per line: scripts/test --fast.

A package's own tests are run, not those of every package that uses it: all of them are for scripts/test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent

#: Slow, so that they must be named: scripts/test --fast leaves out what is marked slow.
PROCESS = tuple(f"tests/entry_points/test_{name}.py" for name in ("children", "process", "runner"))

#: The first prefix that fits decides. ``tests/`` and the documents stand for themselves; anything else has no tests.
TESTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("compat/vimmerse/_http/tracing.py", ("tests/tracing",)),
    ("compat/vimmerse/_http/", ("tests/generated",)),
    ("compat/vimmerse/_resources/", ("tests/resources",)),
    ("compat/vimmerse/_server.py", ("tests/emulator", "tests/gateway")),
    ("compat/vimmerse/batch/tables/", ("tests/batch/tables",)),
    ("compat/vimmerse/batch/runner/", ("tests/batch/runner",)),
    ("compat/vimmerse/batch/receiver.py", ("tests/batch/receiver",)),
    ("compat/vimmerse/batch/", ("tests/batch",)),
    ("compat/vimmerse/cli/", ("tests/cli",)),
    ("compat/vimmerse/emulator/", ("tests/emulator",)),
    ("compat/vimmerse/jobs/spans.py", ("tests/tracing",)),
    ("compat/vimmerse/jobs/", ("tests/jobs",)),
    ("compat/vimmerse/testing/", ("tests/testing",)),
    ("compat/vimmerse/pricing.py", ("tests/core",)),
    ("compat/vimmerse/compat/rules/", ("tests/core", "tests/guide")),
    ("compat/vimmerse/compat/core/", ("tests/core",)),
    ("compat/vimmerse/compat/flows/", ("tests/core",)),
    ("compat/vimmerse/compat/gateway/", ("tests/gateway",)),
    ("compat/vimmerse/compat/client/", ("tests/client",)),
    ("compat/vimmerse/compat/migrate/cassettes/", ("tests/cassettes_convert",)),
    ("compat/vimmerse/compat/migrate/check/", ("tests/cli",)),
    ("compat/vimmerse/compat/migrate/", ("tests/migrate",)),
    ("compat/vimmerse/compat/cli/", ("tests/cli",)),
    ("compat/vimmerse/compat/runtime/spans.py", ("tests/tracing",)),
    ("compat/vimmerse/compat/process/", ("tests/entry_points", *PROCESS)),
    ("compat/", ("tests/entry_points",)),
    ("generated/vimmerse/v2/resources/", ("tests/resources",)),
    ("generated/", ("tests/generated",)),
    ("openapi/", ("tests/specs", "tests/generated", "tests/resources")),
    ("benchmarks/", ("tests/benchmarks",)),
    ("cassettes/", ("tests/recorded",)),
    ("examples/", ("tests/examples",)),
    ("conftest.py", ("tests/offline",)),
    ("pyproject.toml", ("tests/packaging",)),
    ("scripts/spec_diff/", ("tests/lifecycle",)),
    ("scripts/_facts.py", ("tests/specs",)),
    ("scripts/_resources.py", ("tests/resources",)),
    ("scripts/_resources_source.py", ("tests/resources",)),
    ("scripts/", ("tests/packaging",)),
    (".", ("tests/packaging",)),
)


def tests_of(path: str) -> tuple[str, ...]:
    """The folders and files of tests for one changed file."""
    name = PurePosixPath(path)
    if path.endswith(".md"):
        shown = (path,) if path == "README.md" or path.startswith("docs/") else ()  # the others contain no tests
        return (*shown, "tests/packaging")
    if path.startswith("tests/"):
        is_test = name.name.startswith("test_") and name.suffix == ".py"
        folder = "/".join(name.parts[:2])
        return (path,) if is_test else {"tests/cases": ("tests/core",)}.get(folder, (folder,))
    return next((tests for prefix, tests in TESTS if path.startswith(prefix)), ())


def touched(changed: Iterable[str]) -> list[str]:
    """What to run. Files stay named beside their folders, since a named file's slow tests are run too."""
    return sorted({test for path in changed for test in tests_of(path) if (ROOT / test).exists()})


if __name__ == "__main__":
    print("\n".join(touched(sys.stdin.read().split("\n"))))
