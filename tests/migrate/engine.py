"""A small stand-in for the rewriting engine, for tests of files and of the command."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from vimmerse.compat.migrate.rewrite.places import Place, Rewrite, State, Target

#: What the stand-in does with a call of these names: ``v1(...)`` becomes ``v2(...)``.
_STATES: dict[str, State] = {"v1": "rewritten", "v1_review": "needs review", "v1_left": "left"}
_CALL = re.compile(r"\b(v1|v1_review|v1_left)\(")
MARK = "# vimmerse migrate:"
#: A program with a call, and what becomes of it.
CALL = b"v1('https://api.vimmerse.net/story')\n"
DONE = b"v2('https://api.vimmerse.net/story')\n"


class Engine:
    """Renames calls line by line. ``sources``: what it was given last."""

    def __init__(self) -> None:
        self.sources: Mapping[str, str] = {}
        self.targets: list[Target] = []

    @classmethod
    def in_place(cls, monkeypatch: pytest.MonkeyPatch) -> Engine:
        """Return a stand-in that takes the engine's place."""
        engine = cls()
        monkeypatch.setattr("vimmerse.compat.migrate.rewrite.rewrite", engine, raising=False)
        return engine

    def __call__(
        self,
        sources: Mapping[str, str],
        *,
        target: Target = "http",
        progress: Callable[[int, int], None] | None = None,
    ) -> Rewrite:
        self.sources = dict(sources)
        self.targets.append(target)
        changed: dict[str, str] = {}
        places: list[Place] = []
        errors: dict[str, str] = {}
        for done, (path, source) in enumerate(sources.items(), 1):
            try:
                ast.parse(source)
            except SyntaxError as error:
                errors[path] = f"line {error.lineno}: {error.msg}"
                continue
            code, found = _rewritten(path, source)
            places += found
            if code != source:
                changed[path] = code
            if progress is not None:
                progress(done, len(sources))
        return Rewrite(changed, tuple(sorted(places)), errors)


def _rewritten(path: str, source: str) -> tuple[str, list[Place]]:
    lines: list[str] = []
    places: list[Place] = []
    for number, line in enumerate(source.split("\n"), 1):
        for match in _CALL.finditer(line):
            state = _STATES[match[1]]
            text = {"rewritten": "Sent to v2.", "needs review": "Look at it.", "left": "It can't be followed."}[state]
            page = "docs/migration.md#create_storyboard"
            place = Place(path, number, match.start() + 1, "call", "POST /story", state, text, "", page, number)
            places.append(place)
            comment = f"{MARK} {text}"
            if state != "rewritten" and (not lines or lines[-1].strip() != comment):
                lines.append(f"{line[: len(line) - len(line.lstrip())]}{comment}")
        lines.append(re.sub(r"\bv1(_review)?\(", "v2(", line))
    return "\n".join(lines), places


def write(folder: Path, name: str, content: bytes = CALL) -> Path:
    """Write a file, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as somebody who may commit."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)
