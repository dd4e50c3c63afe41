"""``vimmerse migrate`` on programs of many styles: the migrated program does what the shim makes of the original.

The shim is the reference. Each program runs twice against the same emulator: as it is, through the shim, and migrated,
with nothing between it and the emulator. It must send the same requests, print the same and end the same way.
"""

from __future__ import annotations

import codecs
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from vimmerse.compat.migrate.migration import migrate_tree
from vimmerse.compat.migrate.rewrite import Place
from vimmerse.emulator import Emulator

from tests.migrate import programs
from tests.migrate.cases import (
    CASES,
    Case,
    comments,
    contents,
    definitions,
    docstrings,
    is_subsequence,
    kept_lines,
    write,
)
from tests.migrate.examples import EXAMPLE_CASES
from tests.sampling import sampled

# The programs leave files open, as the vendor's own examples do. When that is noticed is up to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ALL = {**CASES, **EXAMPLE_CASES}
EVERY = 10  # one case in so many is tried in every run


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def run(case: Case, directory: Path, emulator: Emulator, *, shim: bool, outcome: str = "success") -> programs.Run:
    """Run a case against an emulator that has forgotten everything: the same ids come again."""
    emulator.reset()
    emulator.credits = None
    identifier = programs.WORKS[case.works_on](emulator)
    if outcome != "success":
        emulator.next_job(outcome=outcome, times=20)
    emulator.credits = case.credits
    arguments = [argument.replace("{id}", identifier) for argument in case.run]
    if arguments[0].endswith(".ipynb"):
        notebook = directory / arguments[0]
        arguments[0] = "notebook.py"
        (directory / "notebook.py").write_text(programs.notebook_code(notebook.read_text("utf-8")), encoding="utf-8")
    return programs.run(directory, arguments, emulator, shim=shim, environment=case.environment)


def operations(emulator: Emulator, case: Case) -> list[str]:
    """The operations of the requests that changed something, those of preparing the case left out."""
    sent = [request.operation for request in emulator.requests if request.method != "GET"]
    return sent[{"": 0, "scenes": 2}.get(case.works_on, 1) :]


def run_suite(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of a program, as its owner would."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:vimmerse", "--rootdir=.", "."],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def unordered(changes: tuple[programs.Request, ...]) -> list[str]:
    return sorted(json.dumps([one.method, one.path, one.body, one.uploads]) for one in changes)


@dataclass(frozen=True)
class Migrated:
    """A migrated case. ``changes``: the new content of each file that changes. ``problems``: what could not be read."""

    places: tuple[Place, ...]
    changes: Mapping[str, bytes]
    problems: tuple[str, ...]

    @property
    def calls(self) -> list[Place]:
        return [place for place in self.places if place.kind == "call"]


def migrate(directory: Path) -> Migrated:
    """Migrate the programs in a directory, without writing anything."""
    result = migrate_tree([directory])
    changes = {path.relative_to(directory).as_posix(): content for path, content in result.changes.items()}
    problems = tuple(remark.text for remark in result.remarks if remark.kind in ("unreadable", "unparsable"))
    return Migrated(result.places, changes, problems)


_results: dict[str, Migrated] = {}  # migrating a case is a good part of each test


def migrated(case: Case, directory: Path) -> Migrated:
    """Migrate a copy of a case, and write it. Returns the result."""
    case.copy_to(directory)
    if case.name not in _results:
        _results[case.name] = migrate(directory)
    write(directory, _results[case.name].changes)
    return _results[case.name]


def cases(names: Mapping[str, Case]) -> list[Any]:
    """The cases as parameters: a sample of them for every run, all where ``CI`` is set."""
    return sampled(names, EVERY)


def test_there_are_enough_programs() -> None:
    assert len(CASES) >= 48


@pytest.mark.exhaustive
def test_most_calls_are_rewritten_without_a_question(tmp_path: Path) -> None:
    calls = [
        place for number, case in enumerate(ALL.values()) for place in migrated(case, tmp_path / str(number)).calls
    ]

    rewritten = [place for place in calls if place.state == "rewritten"]
    asked = [place for place in calls if place.state == "needs review"]

    assert len(rewritten) / len(calls) >= 0.9, f"{len(rewritten)} of {len(calls)}"
    figures = f"{len(rewritten)} are rewritten, {len(asked)} need review and {len(calls) - len(rewritten) - len(asked)}"
    assert f"Of {len(calls)} v1 calls in {len(ALL)} programs, {figures} are left" in Path(
        "docs/migrating.md"
    ).read_text("utf-8").replace("\n", " ")


@pytest.mark.parametrize("name", cases({name: case for name, case in ALL.items() if case.run}))
def test_the_original_runs_on_v2_through_the_shim(name: str, emulator: Emulator, tmp_path: Path) -> None:
    case = ALL[name]
    case.copy_to(tmp_path)
    if case.is_suite:
        done = run_suite(tmp_path)
        assert done.returncode == 0, done.stdout
        return

    result = run(case, tmp_path, emulator, shim=True)

    assert result.exit == case.exit, result.error
    assert operations(emulator, case) == list(case.sent)
    assert [name for name in case.saves if not (tmp_path / name).exists()] == []
    assert result.output or case.saves


@pytest.mark.parametrize("name", cases(ALL))
def test_each_place_is_in_its_state(name: str, tmp_path: Path) -> None:
    case = ALL[name]
    result = migrated(case, tmp_path)

    assert result.problems == ()
    calls = {(place.operation, place.state) for place in result.calls}
    assert {operation for operation, _ in calls} == set(case.calls)
    assert {(operation, state) for operation, state in calls if state not in case.calls[operation]} == set()
    for kind, states in case.kinds.items():
        found = {place.state for place in result.places if place.kind == kind}
        assert found, f"no place of kind {kind}"
        assert found <= set(states)


@pytest.mark.parametrize("name", cases(ALL))
def test_what_is_not_v1_stays_as_it_is(name: str, tmp_path: Path) -> None:
    case = ALL[name]
    original = contents(case.copy_to(tmp_path))
    result = migrated(case, tmp_path)

    assert [path for path, content in result.changes.items() if content == original[path]] == []
    for path, content in original.items():
        new = result.changes.get(path, content)
        assert new.startswith(codecs.BOM_UTF8) == content.startswith(codecs.BOM_UTF8)
        assert (b"\r" in new) == (b"\r" in content)
        assert b"\n" not in new.replace(b"\r\n", b"") or b"\r" not in content
        if path.endswith(".ipynb"):
            assert_only_sources_differ(json.loads(content), json.loads(new))
        else:
            assert_only_v1_differs(case, content.decode("utf-8-sig"), new.decode("utf-8-sig"))
    text = b"".join((original | dict(result.changes)).values()).decode()
    assert [part for part in case.absent if part in text] == []
    assert [part for part in case.present if part not in text] == []


def assert_only_v1_differs(case: Case, original: str, new: str) -> None:
    compile(new, "program.py", "exec")
    kept = [comment for comment in comments(original) if comment not in case.lost_comments]
    assert is_subsequence(kept, comments(new))
    assert docstrings(original) <= docstrings(new)
    for name in set(case.unchanged) & set(definitions(original)):
        assert definitions(new)[name] == definitions(original)[name]


def assert_only_sources_differ(original: Any, new: Any) -> None:
    for before, after in zip(original["cells"], new["cells"], strict=True):
        if before["cell_type"] == "code":
            del before["source"], after["source"]
    assert new == original


@pytest.mark.parametrize("name", cases(ALL))
def test_a_second_run_changes_nothing(name: str, tmp_path: Path) -> None:
    first = migrated(ALL[name], tmp_path)

    second = migrate(tmp_path)

    assert second.changes == {}
    assert second.problems == ()
    assert {place.state for place in second.calls} <= {"left"}
    assert len(second.calls) == len([place for place in first.calls if place.state == "left"])


@pytest.mark.parametrize("name", cases({name: case for name, case in ALL.items() if case.run}))
def test_the_migrated_program_does_the_same(name: str, emulator: Emulator, tmp_path: Path) -> None:
    """A program with calls that are left needs the shim still: it runs through it, and so sends the same again."""
    case = ALL[name]
    result = migrated(case, tmp_path / "migrated")
    stays = any(place.state == "left" for place in result.calls)
    if case.is_suite:
        done = run_suite(tmp_path / "migrated")
        assert done.returncode == 0, done.stdout
        return
    for outcome in ("success", *case.outcomes):
        before = case.copy_to(tmp_path / outcome / "v1")
        after = case.copy_to(tmp_path / outcome / "v2")
        write(after, result.changes)

        expected = run(case, before, emulator, shim=True, outcome=outcome)
        actual = run(case, after, emulator, shim=stays, outcome=outcome)

        assert_same(case, expected, actual)
        for name in case.saves:
            assert (before / name).exists() == (after / name).exists()
            assert not (before / name).exists() or (before / name).read_bytes() == (after / name).read_bytes()


def assert_same(case: Case, expected: programs.Run, actual: programs.Run) -> None:
    if case.unordered:
        assert unordered(actual.changes) == unordered(expected.changes), actual.error
    else:
        assert actual.changes == expected.changes, actual.error
    # What v2 does not know, the shim looks up in v1 too.
    assert {path for path in expected.reads if path.startswith("/v2/")} <= actual.reads <= expected.reads, actual.error
    assert actual.exit == expected.exit, actual.error
    assert kept_lines(actual.output, case.ignore) == kept_lines(expected.output, case.ignore), actual.error
    assert not actual.key_sent_elsewhere


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        pytest.param(name, outcome, marks=parameter.marks)
        for parameter in cases({name: case for name, case in ALL.items() if case.outcomes_direct})
        for name in parameter.values
        for outcome in ALL[name].outcomes_direct
    ],
)
def test_a_loop_that_had_no_exit_ends(name: str, outcome: str, emulator: Emulator, tmp_path: Path) -> None:
    case = ALL[name]
    migrated(case, tmp_path)

    result = run(case, tmp_path, emulator, shim=False, outcome=outcome)

    assert "EndlessLoopError" not in result.error
    assert operations(emulator, case) == list(case.sent)
