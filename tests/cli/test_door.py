"""The program itself: what is handed on, help, version, completion, what is loaded, and how little it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from vimmerse import cli as door
from vimmerse.cli import delegated
from vimmerse.cli.app import cli
from vimmerse.cli.command import Command, Group, Image, JsonFile, Open, Pair, State
from vimmerse.cli.screen import Screen
from vimmerse.compat.run import runner

from tests.cli.conftest import Vimmerse

ROOT = Path(__file__).parents[2]


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vimmerse", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def commands(group: click.Group = cli, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name), command


# Help


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda each: " ".join(each) if isinstance(each, tuple) else ""
)
def test_every_command_explains_itself(vimmerse: Vimmerse, path: tuple[str, ...], command: Command | Group) -> None:
    assert command.help
    if path in ((), ("story",), ("media",)):
        done = vimmerse(*path, "--help")
    elif path[0] in door.DELEGATED:
        with click.Context(command, info_name=path[0]) as context:
            assert f"vimmerse {path[0]}" in command.get_help(context)
        return
    else:
        done = vimmerse(*path, "-h")
        assert command.examples, path
        assert done.out.count(f"vimmerse {' '.join(path)}") > 1
        assert "\nExamples:\n  " in done.out

    assert done.code == 0
    assert done.err == ""
    assert done.out.startswith("Usage: vimmerse ")


def test_examples_are_commands_of_this_program() -> None:
    """Each is parsed, so that none bears an option that is not there."""
    import shlex

    for _, command in commands():
        for example in getattr(command, "examples", ()):
            words = shlex.split(example.partition("      in ")[0].partition(" > ")[0])
            if words[0] != "vimmerse":
                continue
            found: click.Command = cli
            rest = words[1:]
            while isinstance(found, click.Group):
                found = found.commands[rest.pop(0)]
            if found.name not in door.DELEGATED:
                _, left, _ = found.make_parser(click.Context(found, obj=State())).parse_args(rest)
                assert not [word for word in left if word.startswith("-")], example


@pytest.mark.parametrize("path", [(), ("story",), ("media",)])
def test_alone_a_group_shows_what_it_has(vimmerse: Vimmerse, path: tuple[str, ...]) -> None:
    done = vimmerse(*path)

    assert done.code == 2
    assert done.out == ""
    assert "Commands:" in done.err


def test_an_unknown_command_is_one_line(vimmerse: Vimmerse) -> None:
    done = vimmerse("films")

    assert done.code == 2
    assert done.err.startswith("vimmerse: No such command 'films'")
    assert done.err.endswith("See: vimmerse --help\n")
    assert len(done.err.splitlines()) == 1


# Version, loading


def test_version(vimmerse: Vimmerse) -> None:
    assert vimmerse("--version").out == f"vimmerse {door.version()}\n"
    assert CliRunner().invoke(cli, ["--version"]).output == f"vimmerse {door.version()}\n"


@pytest.mark.parametrize("arguments", ["--version", "--help", "media create --help", "media create --quantity x"])
def test_help_loads_no_library(arguments: str) -> None:
    script = (
        "import sys\nfrom vimmerse.cli import main\n"
        f"main({arguments.split()!r})\n"
        "print(*[name for name in ('httpx', 'attrs', 'rich', 'requests', 'starlette') if name in sys.modules], 'end')"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "end"


def test_without_click_it_names_the_extra(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vimmerse.cli.app")
    monkeypatch.setitem(sys.modules, "click", None)

    done = vimmerse("media", "get", "m")

    assert done.code == 2
    assert done.err == "vimmerse: its command line needs click: pip install 'vimmerse[cli]'\n"


def test_another_module_that_is_missing_is_not_taken_for_click(
    vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "vimmerse.cli.app")
    monkeypatch.delattr("vimmerse.cli.making")
    monkeypatch.setitem(sys.modules, "vimmerse.cli.making", None)

    with pytest.raises(ImportError, match="making"):
        vimmerse("media", "get", "m")


def test_output_that_takes_no_unicode_is_no_obstacle() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vimmerse", "translate", "POST", "/media", "-d", "title=Kätzchen 猫"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )

    assert '"title": "Kätzchen \\u732b"'.encode("latin-1") in done.stdout


def test_an_output_that_is_closed_ends_it_quietly() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "vimmerse", "estimate"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write)

    assert done.returncode == 141
    assert done.stderr == b""


# What is handed on


class Received(ModuleType):
    """Stands for a module with a command line of its own."""

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
def test_the_arguments_are_handed_on_untouched(
    vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, name: str, through_click: bool
) -> None:
    received = Received(3)
    monkeypatch.setitem(sys.modules, "vimmerse.received", received)
    monkeypatch.setitem(door.DELEGATED, name, ("vimmerse.received", "main"))
    given = ["--max-credits", "5", "script.py", "--json", "-h", "--", "--debug"]

    done = vimmerse(*(["--debug"] if through_click else []), name, *given)

    assert done.code == 3
    assert received.arguments == given


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
def test_however_they_end_there_is_a_code(
    vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch, answer: BaseException, code: int
) -> None:
    monkeypatch.setitem(sys.modules, "vimmerse.received", Received(answer))
    monkeypatch.setitem(door.DELEGATED, "serve", ("vimmerse.received", "main"))

    done = vimmerse("serve")

    assert done.code == code
    assert done.err == ("vimmerse serve: it needs uvicorn: pip install 'vimmerse[gateway]'\n" if code == 2 else "")


def test_an_import_that_fails_otherwise_is_a_fault(vimmerse: Vimmerse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vimmerse.received", Received(ImportError("no such name")))
    monkeypatch.setitem(door.DELEGATED, "serve", ("vimmerse.received", "main"))

    with pytest.raises(ImportError, match="no such name"):
        vimmerse("serve")


@pytest.mark.parametrize("name", list(door.DELEGATED))
def test_what_is_handed_on_is_there(name: str) -> None:
    """Each has its own help, and needs neither click nor Rich for it; but uvicorn needs click."""
    blocked = "sys.modules['rich']" if name == "emulate" else "sys.modules['click'] = sys.modules['rich']"
    script = f"import sys\n{blocked} = None\nfrom vimmerse.cli import main\nsys.exit(main([{name!r}, '--help']))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.startswith(f"usage: vimmerse {name}")


def test_a_program_is_run(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(__name__, sys.argv[1:])\nsys.exit(7)")

    done = program("run", str(script), "--debug", "-x")

    assert done.stdout == "__main__ ['--debug', '-x']\n"
    assert done.returncode == 7


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(vimmerse: Vimmerse, shell: str) -> None:
    done = vimmerse("completion", shell)

    assert done.code == 0
    assert "_VIMMERSE_COMPLETE=" + f"{shell}_complete" in done.out
    assert "vimmerse" in done.out


def completed(*words: str) -> list[str]:
    done = program(_VIMMERSE_COMPLETE="bash_complete", COMP_WORDS=" ".join(words), COMP_CWORD=str(len(words) - 1))
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_the_shell_gets_its_answers() -> None:
    assert completed("vimmerse", "med") == ["media"]
    assert completed("vimmerse", "media", "create", "--video-tool", "ve") == ["VeoFast", "VeoLite"]


def test_the_shell_completes_run_and_serve() -> None:
    assert completed("vimmerse", "run", "--") == [*runner.OPTIONS, *runner.FLAGS, "--help"]
    group = Group("vimmerse")
    delegated.completable(group)

    def found(*words: str) -> list[tuple[str, str]]:
        shell = ShellComplete(group, {}, "vimmerse", "_VIMMERSE_COMPLETE")
        return [(item.type, item.value) for item in shell.get_completions(list(words[:-1]), words[-1])]

    def names(*words: str) -> list[str]:
        return [value for _, value in found(*words)]

    assert names("run", "--mode", "") == ["lenient", "strict"]
    assert names("run", "--quiet", "--mo") == ["--mode"]
    assert found("run", "scr") == found("run", "--quiet", "scr") == [("file", "scr")]
    assert found("run", "script.py", "fil") == [("file", "fil")]
    assert names("run", "script.py", "--") == names("run", "-m", "module", "--") == [], "the program's own"
    assert names("serve", "--no") == ["--no-notice-header", "--no-access-log"]
    assert names("serve", "--supply-key", "") == ["never", "status", "always"]
    assert "--help" in names("serve", "--")


@pytest.mark.parametrize("kind", [JsonFile(dict, "an object"), Image()])
def test_files_are_left_to_the_shell(kind: JsonFile | Image) -> None:
    command = Command("x")
    with click.Context(command) as context:
        (item,) = kind.shell_complete(context, command.params[0], "a")

    assert (item.type, item.value) == ("file", "a")


def test_types_take_their_own_values() -> None:
    """click converts defaults and prompts again."""
    path = Path("a.png")

    assert Image().convert(path, None, None) is path
    assert Pair().convert(("a", "b"), None, None) == ("a", "b")
    assert JsonFile(dict, "an object").convert({"a": 1}, None, None) == {"a": 1}


def test_a_near_miss_without_an_option_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert Open(["KlingAI"]).convert("KlingAi", None, None) == "KlingAi"
    assert "vimmerse: the value 'KlingAi' is not one that is known" in capsys.readouterr().err


def test_a_closed_stream_is_no_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "x").open("w") as closed:
        pass
    monkeypatch.setattr("sys.stdin", closed)

    assert not Screen(False).may_ask


def test_streams_without_settings_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        text = ""

        def write(self, text: str) -> int:
            self.text += text
            return len(text)

        def flush(self) -> None:
            pass

    plain = Plain()
    monkeypatch.setattr("sys.stdout", plain)

    assert door.main(["--version"]) == 0
    assert plain.text == f"vimmerse {door.version()}\n"


def test_arguments_come_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["vimmerse", "estimate"])

    assert door.main() == 0
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0
    assert capsys.readouterr().out == "about 150 credits\n" * 2


def test_with_clicks_own_runner() -> None:
    done = CliRunner().invoke(cli, ["estimate", "--max-credits", "1"])

    assert done.exit_code == 6
