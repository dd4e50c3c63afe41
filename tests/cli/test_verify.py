"""``vimmerse migrate --verify``: its output and exit codes. tests/migrate/verify has what it compares."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from vimmerse.compat.migrate import Difference, Place, PlaceResult, VerifyError, VerifyReport

from tests.cli.conftest import Vimmerse
from tests.migrate.engine import Engine

PROGRAM = "# vimmerse\nv1(1)\n"
PLACE = Place("a.py", 2, 1, "call", "POST /story", "rewritten", "")
DIFFERENCE = Difference("request", "POST /v2/story", "It differs", "a.py:2", "a.py:3", ("-  1", "+  2\x1b[31m"))
SAME = VerifyReport((PlaceResult(PLACE, "same", 1),), (), (), (), (), 0, (1, 1))
DIFFERENT = VerifyReport((PlaceResult(PLACE, "different", 1, (DIFFERENCE,)),), (DIFFERENCE,), (), (), (), 0, (1, 1))


class Verify:
    """Takes the place of ``verify``, and keeps its arguments."""

    def __init__(self) -> None:
        self.result: VerifyReport | Exception = SAME
        self.root = Path()
        self.changes: Mapping[Path, bytes] = {}
        self.command = ""
        self.options: dict[str, Any] = {}

    def __call__(self, root: Path, changes: Any, places: Any, command: str, **options: Any) -> VerifyReport:
        self.root, self.changes, self.command, self.options = root, changes, command, options
        options.pop("on_progress")("Running it")
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch) -> Verify:
    verify = Verify()
    monkeypatch.setattr("vimmerse.compat.migrate.verify", verify)
    return verify


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a program."""
    monkeypatch.setattr("vimmerse.compat.migrate.rewrite.rewrite", Engine(), raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "work" / "a.py").write_text(PROGRAM)
    return tmp_path / "work"


def test_standard_output_is_the_proof(vimmerse: Vimmerse, verify: Verify, folder: Path) -> None:
    done = vimmerse("migrate", ".", "--verify", "pytest -q")

    assert done.code == 0
    assert done.out == ("a.py:2:1 same: POST /story\n1 place: 1 same, 0 different, 0 not exercised\n")
    assert done.err.splitlines() == [
        "Running it...",
        "    POST /story: 1 rewritten",
        "1 place in 1 of 1 file: 1 rewritten, 0 needs review, 0 left.",
        "Nothing was changed; --write changes 1 file.",
    ]
    assert (verify.root, verify.command) == (folder, "pytest -q")
    assert verify.options == {"timeout": 600.0, "shorten_sleeps": True}
    assert list(verify.changes.values()) == [b"# vimmerse\nv2(1)\n"]


def test_a_difference_ends_with_1_and_nothing_is_written(vimmerse: Vimmerse, verify: Verify, folder: Path) -> None:
    verify.result = DIFFERENT
    done = vimmerse(
        "migrate", ".", "--verify", "x", "--write", "--allow-dirty", "--verify-timeout", "5", "--verify-wait"
    )

    assert done.code == 1
    assert done.out.splitlines() == [
        "a.py:2:1 different: POST /story",
        "    It differs (now at a.py:3)",
        "        -  1",
        "        +  2\ufffd[31m",
        "1 place: 0 same, 1 different, 0 not exercised",
    ]
    assert verify.options == {"timeout": 5.0, "shorten_sleeps": False}
    assert (folder / "a.py").read_text() == PROGRAM
    assert "Nothing was written, because something differs." in done.err


def test_what_is_proved_is_written(vimmerse: Vimmerse, verify: Verify, folder: Path) -> None:
    done = vimmerse("migrate", ".", "--verify", "x", "--write", "--allow-dirty")

    assert done.code == 0
    assert done.out.splitlines()[-1] == "1 place: 1 same, 0 different, 0 not exercised"
    assert (folder / "a.py").read_text() == "# vimmerse\nv2(1)\n"


def test_the_diff_is_shown_where_it_is_requested(vimmerse: Vimmerse, verify: Verify) -> None:
    done = vimmerse("migrate", ".", "--verify", "x", "--diff")

    assert done.out.startswith("--- a/a.py")
    assert "1 place: 1 same" in done.err
    assert "same" not in done.out


def test_json_has_both_reports(vimmerse: Vimmerse, verify: Verify) -> None:
    verify.result = DIFFERENT
    done = vimmerse("migrate", ".", "--verify", "x", "--json")

    assert done.code == 1
    assert done.json["summary"]["rewritten"] == 1
    assert done.json["verification"]["differences"][0]["text"] == "It differs"
    assert "verification" not in vimmerse("migrate", ".", "--json").json


def test_what_can_not_be_compared_ends_with_2(vimmerse: Vimmerse, verify: Verify) -> None:
    verify.result = VerifyError("nothing is proved", ["KeyError: 1"])
    done = vimmerse("migrate", ".", "--verify", "x")

    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-2:] == ["    KeyError: 1", "vimmerse: --verify: nothing is proved"]
    verify.result = ValueError("a.py is not a file in /")
    assert "a.py is not a file in /" in vimmerse("migrate", ".", "--verify", "x").error
    verify.result = ImportError("a verification needs uvicorn: pip install 'vimmerse[gateway]'")
    done = vimmerse("migrate", ".", "--verify", "x")
    assert (done.code, "pip install 'vimmerse[gateway]'" in done.error) == (2, True)


def test_without_a_change_there_is_nothing_to_verify(vimmerse: Vimmerse, verify: Verify, folder: Path) -> None:
    (folder / "a.py").write_text("# vimmerse\nx = 1\n")
    done = vimmerse("migrate", ".", "--verify", "x")

    assert done.code == 0
    assert done.err.splitlines() == [
        "Nothing is rewritten: there is nothing to verify.",
        "There is nothing to migrate in 1 file.",
    ]
    assert verify.command == ""


def test_the_folder_of_a_program_elsewhere(vimmerse: Vimmerse, verify: Verify, folder: Path) -> None:
    other = folder.parent / "other"
    (other / "lib").mkdir(parents=True)
    (other / "a.py").write_text(PROGRAM)
    (other / "lib" / "b.py").write_text(PROGRAM)

    vimmerse("migrate", other / "a.py", "--verify", "x")
    assert verify.root == other
    vimmerse("migrate", other / "a.py", other / "lib", "--verify", "x")
    assert verify.root == other
    vimmerse("migrate", folder / "a.py", "--verify", "x")
    assert verify.root == folder


@pytest.mark.parametrize("variable", ["HOME", "TMPDIR"])
def test_a_home_or_temporary_folder_is_not_copied(
    vimmerse: Vimmerse, verify: Verify, folder: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(folder.parent))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(folder.parent)

    vimmerse("migrate", "work/a.py", "--verify", "x")

    assert verify.root == folder


@pytest.mark.parametrize("value", ["0", "-1", "soon"])
def test_an_unusable_timeout(vimmerse: Vimmerse, value: str) -> None:
    assert vimmerse("migrate", ".", "--verify", "x", "--verify-timeout", value).code == 2
