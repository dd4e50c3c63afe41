"""Copies of the repository, in which a change of the specs is rehearsed: what would the checks say?

with_change = Copy(tmp_path)
with with_change.spec("v2") as spec:
    spec["components"]["schemas"]["Story"]["properties"]["mood"] = {...}
done = with_change.sync()
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

HOME = Path(__file__).resolve().parents[2]
# What the checks of the specs read and write. The environments are shared.
COPIED = ("cassettes", "compat", "docs", "generated", "openapi", "scripts", "tests")
FILES = ("CHANGELOG.md", "README.md", "conftest.py", "pyproject.toml")
MAX_SECONDS = 120  # of a command that hangs; the checks take about ten


class Copy:
    """A copy of the repository, without its history, which shares the environments."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "copy"
        for name in COPIED:
            shutil.copytree(HOME / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(HOME / name, self.root / name)
        tools = self.root / ".tools" / "regenerate"
        tools.mkdir(parents=True)
        for environment in (HOME / ".tools" / "regenerate").glob("py*"):
            (tools / environment.name).symlink_to(environment)
        (self.root / ".venv").symlink_to(HOME / ".venv")

    @contextmanager
    def spec(self, version: str) -> Iterator[Any]:
        """openapi/v1.yaml or v2.yaml, to be changed in a ``with`` block. Comments are lost."""
        path = self.root / "openapi" / f"{version}.yaml"
        spec = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        yield spec
        path.write_text(yaml.dump(spec, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), "utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace a text that a file has once."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times: {old}"
        path.write_text(text.replace(old, new), "utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, with its code."""
        paths = [os.environ.get("PYTHONPATH", ""), *(str(self.root / name) for name in ("compat", "generated"))]
        return subprocess.run(
            [sys.executable, "-B", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            capture_output=True,
            encoding="utf-8",
            timeout=MAX_SECONDS,
        )

    def sync(self) -> subprocess.CompletedProcess[str]:
        """Run the steps of scripts/sync."""
        return self.run("-m", "scripts._sync")
