"""``vimmerse migrate``: its output, its exit codes and its options. tests/migrate has what it rewrites."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from vimmerse.cli import main

from tests.cli.conftest import Vimmerse
from tests.cli.test_completion import completed
from tests.migrate.engine import MARK, Engine

PROGRAM = "# vimmerse\nv1(1)\nv1_review(2)\nif x:\n    v1_left(3)\n"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    return Engine.in_place(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Path:
    """The working directory, with a program."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(PROGRAM)
    return tmp_path


REPORT = """\
a.py:3:1: needs review: POST /story: Look at it. See docs/migration.md#create_storyboard
a.py:5:5: left: POST /story: It can't be followed. See docs/migration.md#create_storyboard
    POST /story: 1 rewritten, 1 needs review, 1 left
3 places in 1 of 1 file: 1 rewritten, 1 needs review, 1 left.
"""
NEXT = (
    "Nothing was changed; --write changes 1 file. "
    "Before that, --verify COMMAND shows whether it sends the same requests."
)
LEFT = (
    "Calls that are left go to v1, and v2 may not know what they create. "
    "Rewrite them, or keep the compat layer until they are (vimmerse run)."
)


def test_shows_the_diff_and_the_report(vimmerse: Vimmerse, folder: Path) -> None:
    done = vimmerse("migrate", "a.py")

    assert done.code == 1
    assert done.out == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,5 +1,7 @@\n # vimmerse\n-v1(1)\n-v1_review(2)\n"
        f"+v2(1)\n+{MARK} Look at it.\n+v2(2)\n if x:\n+    {MARK} It can't be followed.\n     v1_left(3)\n"
    )
    assert done.err == f"{REPORT}{NEXT}\n{LEFT}\n"
    assert (folder / "a.py").read_text() == PROGRAM
    assert vimmerse("migrate", ".", "--diff").out == done.out


def test_writes(vimmerse: Vimmerse, folder: Path) -> None:
    done = vimmerse("migrate", ".", "--write", "--allow-dirty")

    assert (done.code, done.out) == (1, REPORT)
    assert done.err.splitlines() == [
        "Changed 1 file. Next: run the tests of the program.",
        f"The comments that begin with '{MARK}' say what is left to do.",
        LEFT,
    ]
    assert (folder / "a.py").read_text().splitlines()[1] == "v2(1)"
    again = vimmerse("migrate", ".", "--write")
    assert (again.code, again.err) == (1, f"The comments that begin with '{MARK}' say what is left to do.\n")


@pytest.mark.usefixtures("folder")
def test_refuses_what_git_can_not_restore(vimmerse: Vimmerse, tmp_path: Path) -> None:
    done = vimmerse("migrate", "a.py", "--write")

    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        f"{tmp_path}/a.py: not in a git work tree",
        "vimmerse: Nothing was written: git could not restore every file: commit them first, or use --allow-dirty",
    ]
    assert Path("a.py").read_text() == PROGRAM
    assert vimmerse("migrate", "a.py", "--write", "--json").json["error"]["exit_code"] == 2


def test_names_what_was_written_before_a_failure(
    vimmerse: Vimmerse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "b.py").write_text(PROGRAM)

    def rename(source: str, target: Path) -> None:
        if target.name == "b.py":
            raise OSError(5, "Input/output error", str(target))
        target.write_bytes(Path(source).read_bytes())

    monkeypatch.setattr("os.replace", rename)

    done = vimmerse("migrate", ".", "--write", "--allow-dirty")

    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "a.py: written",
        f"{folder}/b.py: Input/output error",
        "vimmerse: Not everything was written",
    ]


@pytest.mark.usefixtures("engine")
def test_exit_codes(vimmerse: Vimmerse, tmp_path: Path) -> None:
    path, broken = tmp_path / "a.py", tmp_path / "b.py"
    path.write_text("# vimmerse\nx = 1\n")
    done = vimmerse("migrate", tmp_path)
    assert (done.code, done.out, done.err) == (0, "", "There is nothing to migrate in 1 file.\n")

    path.write_text("# vimmerse\nv1()\n")
    assert vimmerse("migrate", tmp_path).code == 0

    broken.write_text("vimmerse(\n")
    done = vimmerse("migrate", tmp_path)
    assert done.code == 2
    assert done.err.splitlines()[0] == f"{broken}: unparsable: line 1: '(' was never closed"

    path.write_text(PROGRAM)
    assert vimmerse("migrate", tmp_path).code == 2, "more may be wrong than the report says"


def test_json(vimmerse: Vimmerse, folder: Path, engine: Engine) -> None:
    done = vimmerse("migrate", ".", "--json", "--to", "typed")

    document = done.json
    assert done.code == 1
    assert done.err == f"{NEXT}\n{LEFT}\n"
    assert document["summary"] == {
        "files": 1,
        "changed": 1,
        "rewritten": 1,
        "needs_review": 1,
        "left": 1,
        "by_operation": {"POST /story": {"rewritten": 1, "needs_review": 1, "left": 1}},
    }
    assert (document["target"], document["written"], engine.targets) == ("typed", False, ["typed"])
    assert document["places"][1] == {
        "path": "a.py",
        "line": 3,
        "column": 1,
        "kind": "call",
        "operation": "POST /story",
        "state": "needs review",
        "text": "Look at it.",
        "rule": "",
        "page": "docs/migration.md#create_storyboard",
        "end_line": 3,
        "cell": 0,
    }
    assert document["changed"][0]["diff"].startswith("--- a/a.py\n")
    written = vimmerse("migrate", ".", "--format", "json", "--write", "--allow-dirty").json
    assert written["written"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument"),
        (["none.py"], "'none.py' does not exist"),
        (["a.py", "-"], "'-' does not exist"),
        (["a.py", "--to", "v3"], "--to"),
        (["a.py", "--diff", "--write"], "--diff can't be combined with --write"),
        (["a.py", "--json", "--format", "text"], "--json is --format json"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_usage(vimmerse: Vimmerse, arguments: list[str], message: str) -> None:
    done = vimmerse("migrate", *arguments)

    assert (done.code, done.out) == (2, "")
    assert message in done.error


def test_without_libcst(vimmerse: Vimmerse, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def need(name: str) -> object:
        def engine(*arguments: object, **options: object) -> object:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        return engine

    monkeypatch.setattr("vimmerse.compat.migrate.rewrite.rewrite", need("libcst._nodes"))
    done = vimmerse("migrate", folder)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("vimmerse: migrating programs needs LibCST: pip install 'vimmerse[migrate]'")

    monkeypatch.setattr("vimmerse.compat.migrate.rewrite.rewrite", need("other"))
    assert vimmerse("migrate", folder).code == 70


@pytest.mark.usefixtures("folder")
def test_the_diff_has_the_bytes_of_the_file(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("a.py").write_bytes(b"# coding: latin-1\n# vimmerse \xff\r\nv1()")

    assert main(["migrate", "a.py"]) == 0
    subprocess.run(["git", "apply"], input=capsysbinary.readouterr().out, check=True)

    assert Path("a.py").read_bytes() == b"# coding: latin-1\n# vimmerse \xff\r\nv2()"


def is_terminal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)


def test_on_a_terminal(vimmerse: Vimmerse, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_bytes(b"# vimmerse \x1b]0;title\x07\t\xe6\xbc\xa2\r\nv1()\r\n")
    is_terminal(monkeypatch, TERM="xterm")

    done = vimmerse("migrate", "a.py")

    assert done.out.splitlines() == [
        "\x1b[1m--- a/a.py\x1b[0m",
        "\x1b[1m+++ b/a.py\x1b[0m",
        "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m",
        " # vimmerse \ufffd]0;title\ufffd\t漢\x1b[0m",
        "\x1b[31m-v1()\x1b[0m",
        "\x1b[32m+v2()\x1b[0m",
    ]
    assert "Migrating" in done.err
    assert "1 of 1 files" in done.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("NO_COLOR", "1")])
def test_without_colors(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    is_terminal(monkeypatch, **{name: value})

    assert "\x1b" not in vimmerse("migrate", "a.py").out


def test_options_are_completed() -> None:
    assert completed("vimmerse", "mig") == ["migrate"]
    assert completed("vimmerse", "migrate", "--to", "") == ["http", "typed"]
    assert "--allow-dirty" in completed("vimmerse", "migrate", "--")


def test_help(vimmerse: Vimmerse) -> None:
    done = vimmerse("migrate", "--help")

    assert done.code == 0
    assert "vimmerse migrate src/ tests/ --write" in done.out
    assert "1 something needs review" in done.out
