"""What scripts/sync runs, in the project's environment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vimmerse.compat.flows.routing import OPERATIONS

HOME = Path(__file__).resolve().parent.parent
# Not the tests of the checks themselves; and only what they say.
CHECKS = (
    *("-m", "pytest", "-q", "--no-header", "-rN", "--tb=short", "-p", "no:cacheprovider"),
    *("tests/specs", "--ignore=tests/specs/checks"),
)
SPEC_DIFF = ("-m", "scripts.spec_diff")
IMPOSSIBLE = 2  # its status where there is no history to compare with; it says so
# Recordings of several calls, which no name of an operation selects.
MIXED = ("test_flows", "test_resources")


def main() -> int:
    """Return the status of the first step that fails, else 0. What is left to do is printed last, whatever fails."""
    if status := python("scripts/regenerate"):
        return status
    status = python(*CHECKS)
    difference = subprocess.run(
        [sys.executable, *SPEC_DIFF, "--format", "json"], cwd=HOME, capture_output=True, encoding="utf-8", check=False
    )
    if difference.returncode:
        print(difference.stderr, end="", file=sys.stderr)
        return status or (difference.returncode if difference.returncode != IMPOSSIBLE else 0)
    changes = json.loads(difference.stdout)["changes"]
    if not status and (selected := recordings(changes)):
        command = [str(HOME / "scripts" / "record"), "-k", selected]
        print(f"scripts/record -k '{selected}'", flush=True)
        status = subprocess.run(command, cwd=HOME, check=False).returncode
    if changes:
        python(*SPEC_DIFF)
    return status


def python(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=HOME, check=False).returncode


def recordings(changes: Iterable[Mapping[str, Any]]) -> str:
    """The recordings of the calls that the changes concern, as an expression for pytest's ``-k``; empty for none."""
    touched = {
        operation
        for change in changes
        if set(change["severity"].values()) != {"none"}
        for operation in change["operations"]
    }
    if not touched:
        return ""
    names = {operation.v1 for operation in OPERATIONS.values() if {operation.v1, operation.v2} & touched}
    return " or ".join([*sorted(_identifiers(names)), *MIXED])


def _identifiers(operations: set[str]) -> Iterable[str]:
    document = json.loads((HOME / "generated" / "vimmerse" / "v1" / "openapi.json").read_text("utf-8"))
    for operation in operations:
        method, _, path = operation.partition(" ")
        yield document["paths"][path][method.lower()]["operationId"]


if __name__ == "__main__":
    sys.exit(main())
