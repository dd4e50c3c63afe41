"""What ``vimmerse migrate`` must not touch, and what it must leave or ask about, with a reason.

Each section of refusals/*.py is a program: ``# === what it is | what is right``. One or several of these are right:

untouched       it is not v1, or nothing says so: no place, no change
left            nothing but comments is added; they say why, and where to read on
needs review    at least one place has a comment that says what to look at
rewritten       nothing to look at
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

from tests.migrate.cases import CASES, comments, is_subsequence
from tests.migrate.examples import EXAMPLE_CASES
from tests.sampling import sampled

_SECTION = re.compile(r"^# === (?P<name>.+?) \| (?P<right>.+)\n", re.MULTILINE)


class Refusal(NamedTuple):
    text: str
    right: frozenset[str]


def _load() -> dict[str, Refusal]:
    found: dict[str, Refusal] = {}
    for path in sorted(Path(__file__).parent.glob("refusals/*.py")):
        text = path.read_text(encoding="utf-8")
        headings = list(_SECTION.finditer(text))
        ends = [*(heading.start() for heading in headings[1:]), len(text)]
        for heading, end in zip(headings, ends, strict=True):
            assert heading["name"] not in found
            found[heading["name"]] = Refusal(text[heading.end() : end], frozenset(heading["right"].split(" or ")))
    return found


REFUSALS = _load()


def test_there_are_as_many_refusals_as_rewrites() -> None:
    assert len(REFUSALS) >= len(CASES) + len(EXAMPLE_CASES)


def test_each_is_a_program_with_a_known_state() -> None:
    for refusal in REFUSALS.values():
        ast.parse(refusal.text)
        assert refusal.right <= {"untouched", "left", "needs review", "rewritten"}


@pytest.mark.parametrize("name", sampled(REFUSALS, 10))
def test_refusal(name: str) -> None:
    text, right = REFUSALS[name]

    result = rewrite({"program.py": text})

    new = result.sources.get("program.py", text)
    states: set[str] = {place.state for place in result.places} or {"untouched"}
    assert result.errors == {}
    assert states & right, result.places
    compile(new, "program.py", "exec")
    assert is_subsequence(comments(text), comments(new))
    assert all(place.text for place in result.places)
    assert all(place.page for place in result.places if place.state == "left")
    if states <= {"left", "untouched"}:
        assert is_subsequence(text.splitlines(), new.splitlines())
        added = list(new.splitlines())
        for line in text.splitlines():
            added.remove(line)
        assert all(line.lstrip().startswith("#") for line in added)
    if states == {"untouched"}:
        assert new == text
    elif not states <= {"rewritten"}:
        assert len(comments(new)) > len(comments(text))
    again = rewrite({"program.py": new})
    assert again.sources == {}
