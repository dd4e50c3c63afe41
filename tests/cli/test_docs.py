"""docs/cli.md describes the commands as they are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
from vimmerse.cli import exit_codes
from vimmerse.cli.app import cli
from vimmerse.compat.migrate.check.kinds import KINDS

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


def test_every_kind_of_finding_is_documented() -> None:
    documented = re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning|note) \|", PAGE, re.MULTILINE)

    assert documented == [(kind.id, kind.severity) for kind in KINDS.values()]


def test_every_format_is_documented() -> None:
    option = next(each for each in cli.commands["check"].params if each.name == "format")
    documented = re.search(r"^\| `--format` \| \|\n(?:\|.+\n)+", PAGE, re.MULTILINE)

    assert isinstance(option.type, click.Choice)
    assert documented is not None
    assert re.findall(r"^\| `([a-z]+)` \|", documented[0], re.MULTILINE) == list(option.type.choices)
