"""The tests in docs/testing.md pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.testing.runs import run

pytest_plugins = ("pytester",)

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    code = "\n".join(blocks)
    pytester.makepyfile(code)

    run(pytester, "--strict-markers").assert_outcomes(passed=len(re.findall(r"^def test_", code, re.MULTILINE)))
