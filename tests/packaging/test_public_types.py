"""``scripts/_public_types.py``: incomplete types of public names are found, whatever leads to them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[2] / "scripts" / "_public_types.py"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A typed package that exports a class, whose method returns another, and has a module of its own."""
    package = tmp_path / "sample"
    package.mkdir()
    (package / "py.typed").touch()
    (package / "__init__.py").write_text("from sample.names import Public\n\n__all__ = ['Public']\n")
    (package / "names.py").write_text(
        "class Result:\n"
        "    def __init__(self) -> None:\n"
        "        self.size: int = 0\n\n\n"
        "class Public:\n"
        "    def result(self) -> Result:\n"
        "        return Result()\n\n\n"
        "class Own:\n"
        "    def __init__(self) -> None:\n"
        "        self.size = len([])\n"
    )
    return package


def check(package: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}
    command = [sys.executable, str(SCRIPT), package.name]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.exhaustive
def test_names_that_are_not_exported_do_not_count(package: Path) -> None:
    done = check(package)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sample: ")


@pytest.mark.exhaustive
def test_a_member_that_a_public_name_leads_to_needs_a_type(package: Path) -> None:
    names = package / "names.py"
    names.write_text(names.read_text().replace("self.size: int = 0", "self.size = len([])"))

    done = check(package)

    assert done.returncode == 1
    assert "  sample.names.Public.result\n" in done.stdout
    assert f"{names}:7: " in done.stdout


@pytest.mark.exhaustive
def test_a_package_that_is_not_found_is_an_error(package: Path) -> None:
    (package / "py.typed").unlink()

    done = check(package)

    assert done.returncode == 1
    assert "No py.typed file found" in done.stderr
