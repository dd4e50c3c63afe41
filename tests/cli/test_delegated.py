"""run, serve, emulate and demo, which parse their own arguments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from vimmerse.cli.delegation import DELEGATED

from tests.cli.conftest import Vimmerse, program


class RecordingModule(ModuleType):
    """A module whose functions record their arguments."""

    def __init__(self, answer: object) -> None:
        super().__init__("received")
        self.answer = answer
        self.arguments: list[str] = []

    def __getattr__(self, name: str) -> object:
        def command(arguments: list[str]) -> int:
            self.arguments = arguments
            if isinstance(self.answer, BaseException):
                raise self.answer
            assert isinstance(self.answer, int)
            return self.answer

        return command


@pytest.mark.parametrize("name", ["run", "serve", "emulate", "demo"])
@pytest.mark.parametrize("through_click", [False, True])
def test_arguments_are_passed_on_unchanged(
    vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, name: str, through_click: bool
) -> None:
    module = RecordingModule(3)
    monkeypatch.setitem(sys.modules, "vimmerse.received", module)
    monkeypatch.setitem(DELEGATED, name, ("vimmerse.received", "main", ""))
    given_arguments = ["--max-credits", "5", "script.py", "--json", "-h", "--", "--debug"]

    done = vimmerse(*(["--debug"] if through_click else []), name, *given_arguments)

    assert done.code == 3
    assert module.arguments == given_arguments


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (KeyboardInterrupt(), 130),
        (SystemExit(4), 4),
        (SystemExit("text"), 1),
        (SystemExit(None), 0),
        (ImportError("it needs uvicorn: pip install 'vimmerse[gateway]'"), 2),
    ],
)
def test_every_end_has_an_exit_code(
    vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, answer: BaseException, code: int
) -> None:
    monkeypatch.setitem(sys.modules, "vimmerse.received", RecordingModule(answer))
    monkeypatch.setitem(DELEGATED, "serve", ("vimmerse.received", "main", ""))

    done = vimmerse("serve")

    assert done.code == code
    assert done.err == ("vimmerse serve: it needs uvicorn: pip install 'vimmerse[gateway]'\n" if code == 2 else "")


def test_an_unexpected_import_error_is_raised(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vimmerse.received", RecordingModule(ImportError("no such name")))
    monkeypatch.setitem(DELEGATED, "serve", ("vimmerse.received", "main", ""))

    with pytest.raises(ImportError, match="no such name"):
        vimmerse("serve")


@pytest.mark.parametrize("name", list(DELEGATED))
def test_help_needs_neither_click_nor_rich(name: str) -> None:
    blocked = "sys.modules['click'] = sys.modules['rich']"
    script = f"import sys\n{blocked} = None\nfrom vimmerse.cli import main\nsys.exit(main([{name!r}, '--help']))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.startswith(f"usage: vimmerse {name}")


def test_run_runs_a_program(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(__name__, sys.argv[1:])\nsys.exit(7)")

    done = program("run", str(script), "--debug", "-x")

    assert done.stdout == "__main__ ['--debug', '-x']\n"
    assert done.returncode == 7
