"""The top-level command: help, version, what it loads, and how it is started."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from vimmerse.cli import main
from vimmerse.cli.app import cli
from vimmerse.cli.base import Command, Group, State
from vimmerse.cli.delegation import DELEGATED

from tests.cli.conftest import Vimmerse


def commands(group: click.Group = cli, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name), command


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda each: " ".join(each) if isinstance(each, tuple) else ""
)
def test_every_command_has_help(vimmerse: Vimmerse, path: tuple[str, ...], command: Command | Group) -> None:
    assert command.help
    if path in ((), ("story",), ("media",)):
        done = vimmerse(*path, "--help")
    elif path[0] in DELEGATED:
        done = vimmerse(*path, "--help")
        assert done.code == 0
        assert done.out.startswith(f"usage: vimmerse {path[0]}")
        return
    else:
        done = vimmerse(*path, "-h")
        assert command.examples, path
        assert done.out.count(f"vimmerse {' '.join(path)}") > 1
        assert "\nExamples:\n  " in done.out

    assert done.code == 0
    assert done.err == ""
    assert done.out.startswith("Usage: vimmerse ")


def test_examples_can_be_parsed() -> None:
    """So that none has an option that does not exist."""
    import shlex

    for _, command in commands():
        for example in getattr(command, "examples", ()):
            words = shlex.split(example.partition("      in ")[0].partition(" > ")[0])
            if words[0] != "vimmerse":
                continue
            target: click.Command = cli
            rest = words[1:]
            while isinstance(target, click.Group):
                target = target.commands[rest.pop(0)]
            if target.name not in DELEGATED:
                _, left, _ = target.make_parser(click.Context(target, obj=State())).parse_args(rest)
                assert not [word for word in left if word.startswith("-")], example


@pytest.mark.parametrize("path", [(), ("story",), ("media",), ("batch",)])
def test_a_group_without_a_command_prints_its_help(vimmerse: Vimmerse, path: tuple[str, ...]) -> None:
    done = vimmerse(*path)

    assert done.code == 2
    assert done.out == ""
    assert "Commands:" in done.err


def test_an_unknown_command_is_a_one_line_error(vimmerse: Vimmerse) -> None:
    done = vimmerse("videos")

    assert done.code == 2
    assert done.err.startswith("vimmerse: No such command 'videos'")
    assert done.err.endswith("See: vimmerse --help\n")
    assert len(done.err.splitlines()) == 1


def test_version(vimmerse: Vimmerse) -> None:
    assert vimmerse("--version").out == f"vimmerse {version('vimmerse')}\n"
    assert CliRunner().invoke(cli, ["--version"]).output == f"vimmerse {version('vimmerse')}\n"


LIBRARIES = "httpx attrs rich requests starlette asyncio"
NEARLY_ALL = f"{LIBRARIES} click re json typing dataclasses contextlib argparse importlib.metadata vimmerse.compat.core"
OTHER_COMMANDS = "difflib json importlib.metadata vimmerse.compat vimmerse.cli.fields"


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        ("--help", NEARLY_ALL),
        ("-h", NEARLY_ALL),
        ("run --help", NEARLY_ALL.replace(" vimmerse.compat.core", "")),
        ("run hello.py", f"{NEARLY_ALL}.policy vimmerse.compat.process.patching"),
        ("--version", f"{LIBRARIES} click"),
        ("demo --help", f"{LIBRARIES} click"),
        ("serve --help", "click rich pygments"),
        ("check --help", f"{LIBRARIES} {OTHER_COMMANDS}"),
        ("check hello.py", f"{LIBRARIES} difflib importlib.metadata vimmerse.cli.fields"),
        ("wait --help", f"{LIBRARIES} {OTHER_COMMANDS}"),
        ("batch --help", f"{LIBRARIES} {OTHER_COMMANDS.replace('json ', '')} sqlalchemy vimmerse.pricing"),
        ("media create --help", f"{LIBRARIES} difflib importlib.metadata vimmerse.compat"),
        ("media create --quantity x", f"{LIBRARIES} difflib importlib.metadata vimmerse.compat"),
        ("estimate", f"{LIBRARIES} difflib importlib.metadata vimmerse.compat"),
        ("wait media m --wait-timeout 0", "rich pygments asyncio httpx._main vimmerse.cli.fields"),
    ],
)
def test_a_command_loads_what_it_needs(arguments: str, unwanted: str, tmp_path: Path) -> None:
    """Loading takes most of a command's time."""
    (tmp_path / "hello.py").write_text("print('hello')")
    script = (
        "import sys\nbefore = set(sys.modules)\nfrom vimmerse.cli import main\n"
        f"sys.argv = {['vimmerse', *arguments.split()]!r}\nmain()\n"
        "print(*[name for name, module in sys.modules.items() if module and name not in before])"
    )
    refused = {"VIMMERSE_BASE_URL": "http://127.0.0.1:9"} if arguments.startswith("wait media") else {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIMMERSE_")}

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**environment, **refused, "VIMMERSE_API_KEY": "a-key-of-the-tests"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = done.stdout.splitlines()[-1].split()
    assert "vimmerse.cli.delegation" in loaded
    assert not set(unwanted.split()) & set(loaded)


@pytest.mark.parametrize("option", ["-h", "--help", "--debug --help"])
def test_help_names_each_command_and_fits_the_terminal(vimmerse: Vimmerse, option: str) -> None:
    done = vimmerse(*option.split())

    listed, _, examples = done.out.partition("Examples:")
    assert max(map(len, listed.splitlines())) <= 80
    assert examples
    for name, command in cli.commands.items():
        assert f"\n  {name:10}  " in listed
        assert command.name == name


def test_a_misspelled_command_is_recognized(vimmerse: Vimmerse) -> None:
    assert "Did you mean 'estimate'?" in vimmerse("estimat").err


def test_without_click_the_error_names_the_extra(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vimmerse.cli.app")
    monkeypatch.setitem(sys.modules, "click", None)

    done = vimmerse("media", "get", "m")

    assert done.code == 2
    assert done.err == "vimmerse: the command line needs click: pip install 'vimmerse[cli]'\n"


def test_the_import_error_of_another_module_is_raised(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vimmerse.cli.app")
    monkeypatch.delattr("vimmerse.cli.base")
    monkeypatch.setitem(sys.modules, "vimmerse.cli.base", None)

    with pytest.raises(ImportError, match="base"):
        vimmerse("media", "get", "m")


def test_an_interrupt_during_startup_has_its_exit_code(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "vimmerse.cli.app", Interrupted("app"))

    assert vimmerse("estimate").code == 130


def test_arguments_default_to_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["vimmerse", "estimate"])

    assert main() == 0
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0
    assert capsys.readouterr().out == "about 150 credits\n" * 2


def test_exit_code_with_the_test_runner_of_click() -> None:
    done = CliRunner().invoke(cli, ["estimate", "--max-credits", "1"])

    assert done.exit_code == 6


def test_importing_the_main_module_does_not_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["vimmerse", "no-such-command"])
    names = runpy.run_module("vimmerse.__main__", run_name="elsewhere")
    assert names["__name__"] == "elsewhere"
    assert callable(names["main"])
