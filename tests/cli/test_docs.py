"""docs/cli.md describes the commands as they are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from vimmerse.cli import exit_codes
from vimmerse.cli.app import cli

from tests.cli.conftest import Vimmerse

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_exit_code_is_documented() -> None:
    documented = {int(code): text for code, text in re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)}
    codes = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}

    assert documented.keys() == codes
    assert exit_codes.__doc__ is not None
    for code, text in documented.items():
        first = text.partition(";")[0].partition(":")[0]
        assert re.search(rf"^ *{code} +{re.escape(first)}", exit_codes.__doc__, re.MULTILINE), first


def test_every_command_is_documented() -> None:
    for name in cli.commands:
        assert re.search(rf"`{name}\b", PAGE) or re.search(rf"^\| `{name} ", PAGE, re.MULTILINE), name


def test_the_output_of_translate_is_the_documented_one(vimmerse: Vimmerse) -> None:
    match = re.search(r"^\$ (vimmerse translate .+)\n((?:.+\n)+?)```", PAGE, re.MULTILINE)
    assert match is not None

    done = vimmerse(*shlex.split(match[1])[1:])

    assert done.out == match[2]
