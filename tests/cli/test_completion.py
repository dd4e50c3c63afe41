"""Completion by the shell, and the types of parameters."""

from __future__ import annotations

import click
import pytest
from click.shell_completion import ShellComplete
from vimmerse.cli.app import cli
from vimmerse.cli.options import Image, JsonFile, KnownNames
from vimmerse.compat.process import runner

from tests.cli.conftest import Vimmerse, program


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


def test_commands_and_names_are_completed() -> None:
    assert completed("vimmerse", "med") == ["media"]
    assert completed("vimmerse", "media", "create", "--video-tool", "ve") == ["VeoFast", "VeoLite"]


def test_options_of_run_and_serve_are_completed() -> None:
    assert completed("vimmerse", "run", "--") == [*runner.OPTIONS, *runner.FLAGS, "--help"]

    def completions(*words: str) -> list[tuple[str, str]]:
        shell = ShellComplete(cli, {}, "vimmerse", "_VIMMERSE_COMPLETE")
        return [(item.type, item.value) for item in shell.get_completions(list(words[:-1]), words[-1])]

    def names(*words: str) -> list[str]:
        return [value for _, value in completions(*words)]

    assert names("run", "--mode", "") == ["lenient", "strict"]
    assert names("run", "--quiet", "--mo") == ["--mode"]
    assert completions("run", "scr") == completions("run", "--quiet", "scr") == [("file", "scr")]
    assert completions("run", "script.py", "fil") == [("file", "fil")]
    assert names("run", "script.py", "--") == names("run", "-m", "module", "--") == [], "the program's own"
    assert names("serve", "--no") == ["--no-notice-header", "--no-access-log"]
    assert names("serve", "--supply-key", "") == ["never", "status", "always"]
    assert "--help" in names("serve", "--")


@pytest.mark.parametrize("kind", [JsonFile(dict), Image()])
def test_files_are_completed_by_the_shell(kind: JsonFile | Image) -> None:
    option = click.Option(["--file"], type=kind)
    with click.Context(click.Command("x", params=[option])) as context:
        (item,) = kind.shell_complete(context, option, "a")

    assert (item.type, item.value) == ("file", "a")


def test_a_misspelled_name_without_an_option_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert KnownNames(["KlingAI"]).convert("KlingAi", None, None) == "KlingAi"
    assert "vimmerse: the value 'KlingAi' is not a known name" in capsys.readouterr().err
