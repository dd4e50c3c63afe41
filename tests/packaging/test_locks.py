"""The lock files match pyproject.toml and contain nothing of the machine. ``scripts/lock`` writes them."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = [
    "tests/requirements/test.txt",
    "tests/requirements/lowest.txt",
    "tests/requirements/release.txt",
    "benchmarks/requirements.txt",
    "openapi/tools.txt",
]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, GROUPS = PYPROJECT["project"], PYPROJECT["dependency-groups"]


def pins(lock: str) -> dict[str, set[Version]]:
    """The versions of each distribution in a lock; more than one where platforms differ."""
    versions: dict[str, set[Version]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([\w.-]+)==([^ ;\\]+)", line):
            versions.setdefault(canonicalize_name(match[1]), set()).add(Version(match[2]))
    return versions


def required() -> list[Requirement]:
    """The requirements of the project and its extras, without the project itself."""
    lines = chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    return [each for each in map(Requirement, lines) if each.name != PROJECT["name"]]


def group(name: str) -> list[Requirement]:
    lines: list[str | dict[str, str]] = GROUPS[name]
    requirements: list[Requirement] = []
    for line in lines:
        requirements += [Requirement(line)] if isinstance(line, str) else group(line["include-group"])
    return requirements


def misfits(requirements: list[Requirement], lock: str) -> list[str]:
    """The requirements that the lock does not meet."""
    known = pins(lock)
    return [
        str(expected)
        for expected in requirements
        if not known.get(canonicalize_name(expected.name))
        or not all(expected.specifier.contains(version) for version in known[canonicalize_name(expected.name)])
    ]


@pytest.mark.parametrize(
    ("requirements", "lock"),
    [
        (required() + group("dev"), "tests/requirements/test.txt"),
        (required() + group("lowest"), "tests/requirements/lowest.txt"),
        (group("release"), "tests/requirements/release.txt"),
        (group("bench"), "benchmarks/requirements.txt"),
        (group("generator"), "openapi/tools.txt"),
    ],
)
def test_a_lock_meets_every_requirement(requirements: list[Requirement], lock: str) -> None:
    assert misfits(requirements, lock) == []


@pytest.mark.parametrize("expected", required(), ids=str)
def test_the_lowest_lock_has_the_lower_bound(expected: Requirement) -> None:
    """Otherwise no test would run with it."""
    (floor,) = (Version(part.version) for part in expected.specifier if part.operator == ">=")

    assert pins("tests/requirements/lowest.txt")[canonicalize_name(expected.name)] == {floor}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]

    assert len(entries) >= 20
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_it_contains_no_details_of_the_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    # A pin is "name==version", a marker, or a hash; a place has a slash and is in a comment's command at most.
    places = [line for line in text.splitlines() if "/" in line and not line.startswith("#    scripts/lock")]

    assert places == []
    assert "--index-url" not in text
    assert "--find-links" not in text
