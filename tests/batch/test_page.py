"""docs/batch.md and its picture describe batches as they are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from vimmerse.batch import State
from vimmerse.cli.commands.batch import batch

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"(?:^\$ |`)vimmerse batch ([^`\n]+)", PAGE + README, re.MULTILINE)))


def test_every_state_is_in_the_table_and_in_the_picture() -> None:
    section = PAGE.partition("\n## States\n")[2].partition("\n### ")[0]
    listed = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)))
    drawn = re.findall(r'class="name".*>(\w+)<', (ROOT / "docs" / "batch-states.svg").read_text(encoding="utf-8"))

    assert sorted(listed) == sorted(drawn) == sorted(state.value for state in State)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_can_be_entered(line: str) -> None:
    name, *arguments = shlex.split(line, comments=True)
    assert batch.commands[name].make_context(name, arguments, parent=click.Context(batch)).args == []
