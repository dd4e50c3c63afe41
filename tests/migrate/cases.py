"""The programs of tests/migrate/corpus, and what must become of each.

A folder is one program; its ``case.toml`` has these keys, all optional:

run              its file and arguments (``["main.py"]``); ``{id}`` is the object that it works on; ``["pytest"]`` for a
                 test suite; ``[]`` for a program that is only rewritten
works_on         the object that exists before: ``media``, ``story``, ``storyboard`` or ``scenes``
sent             the v2 requests that change something, in order
calls            for each v1 operation, the state of its places, or the states that are as good as each other
mock, polling, webhook
                 the same for places of these kinds
outcomes         how else jobs may end: it must do the same as through the shim
outcomes_direct  the same for a program that waits for ever on v1: once migrated, it must end
environment, credits, exit, saves
                 variables, the balance at the start, the exit status, the files that it writes
unordered        it sends from several threads or tasks
unchanged        functions, classes and variables that have to stay as they are, character by character
absent, present  texts that must be gone, or be there: what the file's own style makes of a change
lost_comments    comments that belong to what has gone
ignore           patterns of printed lines that may differ
"""

from __future__ import annotations

import ast
import io
import re
import shutil
import tokenize
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
EXAMPLES = Path(__file__).parents[2] / "examples"

States = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One program; see the module. ``files``: what is copied, by the name that it gets."""

    name: str
    files: Mapping[str, Path]
    run: Sequence[str] = ("main.py",)
    works_on: str = ""
    sent: Sequence[str] = ()
    calls: Mapping[str, States] = field(default_factory=dict)
    kinds: Mapping[str, States] = field(default_factory=dict)
    outcomes: Sequence[str] = ()
    outcomes_direct: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    credits: int | None = None
    exit: int = 0
    saves: Sequence[str] = ()
    unordered: bool = False
    unchanged: Sequence[str] = ()
    absent: Sequence[str] = ()
    present: Sequence[str] = ()
    lost_comments: Sequence[str] = ()
    ignore: Sequence[str] = ()

    @property
    def is_suite(self) -> bool:
        return list(self.run) == ["pytest"]

    @property
    def is_run(self) -> bool:
        return bool(self.run) and not self.is_suite

    def copy_to(self, directory: Path) -> Path:
        """Copy the program's files to a directory, and return that."""
        for name, source in self.files.items():
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        return directory


def _states(value: Any) -> States:
    return (value,) if isinstance(value, str) else tuple(value)


def load(directory: Path) -> Case:
    """The case of a folder."""
    settings = tomllib.loads((directory / "case.toml").read_text(encoding="utf-8"))
    files = {
        path.relative_to(directory).as_posix(): path
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != "case.toml" and "__pycache__" not in path.parts
    }
    calls = {operation: _states(states) for operation, states in settings.pop("calls", {}).items()}
    kinds: dict[str, States] = {
        kind: _states(settings.pop(kind)) for kind in ("mock", "polling", "webhook") if kind in settings
    }
    return Case(name=directory.name, files=files, calls=calls, kinds=kinds, **settings)


CASES = {path.parent.name: load(path.parent) for path in sorted(CORPUS.glob("*/case.toml"))}


def contents(directory: Path) -> dict[str, bytes]:
    """The programs of a directory."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.suffix in (".py", ".ipynb")
    }


def write(directory: Path, changed: Mapping[str, bytes]) -> None:
    """Write changed programs."""
    for name, content in changed.items():
        (directory / name).write_bytes(content)


def comments(text: str) -> list[str]:
    """The comments of a module, in order, without the spaces around them."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string.strip() for token in tokens if token.type == tokenize.COMMENT]


def docstrings(text: str) -> set[str]:
    """The docstrings of a module and of all that is in it."""
    nodes = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return {docstring for node in nodes if (docstring := ast.get_docstring(node, clean=False))}


def definitions(text: str) -> dict[str, str]:
    """The source of each function, class and variable of a module by its name; a method's as ``Class.method``."""
    found: dict[str, str] = {}

    def visit(body: Sequence[ast.stmt], prefix: str) -> None:
        for node in body:
            segment = ast.get_source_segment(text, node) or ""
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found[prefix + node.name] = segment
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}.")
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[prefix + node.targets[0].id] = segment

    visit(ast.parse(text).body, "")
    return found


def is_subsequence(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in part)


def kept_lines(output: str, ignore: Sequence[str]) -> list[str]:
    """The lines of an output that are compared."""
    return [line for line in output.splitlines() if not any(re.search(pattern, line) for pattern in ignore)]
