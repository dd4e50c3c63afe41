"""The tests in docs/testing.md and docs/testing-v1.md pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests_mock  # noqa: F401  # imported here as in runs.py
import responses  # noqa: F401
import respx  # noqa: F401
import vcr  # noqa: F401

from tests.testing.runs import run

pytest_plugins = ("pytester",)

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["testing.md", "testing-v1.md"])
def test_the_tests_of_the_page_pass(pytester: pytest.Pytester, page: str) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    code = "\n".join(block for block in blocks if "mark.vcr" not in block)  # its cassette is the reader's
    pytester.makepyfile(code)

    run(pytester, "--strict-markers").assert_outcomes(passed=len(re.findall(r"^def test_", code, re.MULTILINE)))
