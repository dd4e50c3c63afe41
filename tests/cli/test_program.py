"""The program as a whole: help, version, what it loads, and how it is started."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
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


@pytest.mark.parametrize("path", [(), ("story",), ("media",)])
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


@pytest.mark.parametrize("arguments", ["--version", "--help", "media create --help", "media create --quantity x"])
def test_help_loads_no_library(arguments: str) -> None:
    script = (
        "import sys\nfrom vimmerse.cli import main\n"
        f"main({arguments.split()!r})\n"
        "print(*[name for name in ('httpx', 'attrs', 'rich', 'requests', 'starlette') if name in sys.modules], 'end')"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "end"


def test_without_click_the_error_names_the_extra(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vimmerse.cli.app")
    monkeypatch.setitem(sys.modules, "click", None)

    done = vimmerse("media", "get", "m")

    assert done.code == 2
    assert done.err == "vimmerse: the command line needs click: pip install 'vimmerse[cli]'\n"


def test_the_import_error_of_another_module_is_raised(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vimmerse.cli.app")
    monkeypatch.delattr("vimmerse.cli.commands.create")
    monkeypatch.setitem(sys.modules, "vimmerse.cli.commands.create", None)

    with pytest.raises(ImportError, match="create"):
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
