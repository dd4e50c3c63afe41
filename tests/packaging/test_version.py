"""One version: that of pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from vimmerse import compat, v1, v2
from vimmerse.v1.client import USER_AGENT as V1_USER_AGENT
from vimmerse.v2.client import USER_AGENT as V2_USER_AGENT

ROOT = Path(__file__).parents[2]
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


@pytest.mark.parametrize("package", [v1, v2, compat], ids=lambda package: package.__name__)
def test_every_package_states_the_version(package: ModuleType) -> None:
    assert package.__version__ == VERSION
    assert "__version__" in dir(package)


def test_the_installed_metadata_states_it() -> None:
    """If this fails in a clone: ``pip install --no-deps --no-build-isolation -e .``, which scripts/test does."""
    assert version("vimmerse") == VERSION


@pytest.mark.parametrize("user_agent", [V1_USER_AGENT, V2_USER_AGENT])
def test_requests_state_it(user_agent: str) -> None:
    assert user_agent.startswith(f"vimmerse/{VERSION} (")


@pytest.mark.slow
def test_the_command_line_states_it() -> None:
    command = [sys.executable, "-I", "-m", "vimmerse", "--version"]

    assert subprocess.check_output(command, text=True) == f"vimmerse {VERSION}\n"
