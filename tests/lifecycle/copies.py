"""Copies of the repository, in which a change of the specs is rehearsed: what would the checks say?

copy = Copy(tmp_path)
copy.apply(changes.voice)
done = copy.sync()
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.specs.spec import VERSIONS

HOME = Path(__file__).resolve().parents[2]
# What the checks of the specs read and write. The environments are shared.
COPIED = ("cassettes", "compat", "docs", "generated", "openapi", "scripts", "tests")
FILES = ("CHANGELOG.md", "README.md", "conftest.py", "pyproject.toml")
MAX_SECONDS = 900  # of a command that hangs; the checks take about ten


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

    def apply(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Make one of the changes of ``changes.py``. A version that it adds gets a file of its own."""
        specs = {version: yaml.load(self.path(version).read_bytes(), yaml.CSafeLoader) for version in VERSIONS}
        before = {version: json.dumps(spec) for version, spec in specs.items()}
        change(specs)
        for version, spec in specs.items():
            if before.get(version) != json.dumps(spec):
                text = yaml.dump(spec, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
                self.path(version).write_text(text, "utf-8")

    def path(self, version: str) -> Path:
        """The file of a spec."""
        return self.root / "openapi" / f"{version}.yaml"

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
