"""Where this repository names a field, a value or a path."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from scripts.spec_diff.judged import Task

CODE = "compat/vimmerse"
#: What reads models, of which a field is an attribute. Elsewhere an attribute of the same name is another thing.
_TYPED = ("jobs", "batch", "cli", "compat/client", "_resources")
_LONG = 200  # characters of a text that is no name, nor a list of names
_LIST = re.compile(r"[a-z\d_ ]*_[a-z\d_ ]*")


class Mentions:
    """The names in the code and the documentation of a checkout."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lines: dict[str, dict[str, int]] = {}  # by file: each name, and the first line that has it

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The modules of the package, by path."""
        files = sorted((self._root / CODE).rglob("*.py"))
        return {path.relative_to(self._root).as_posix(): path.read_text("utf-8") for path in files}

    def in_code(self, package: str, name: str) -> list[Task]:
        """The lines below ``compat/vimmerse/PACKAGE`` that have a name as text or attribute; the first of each file."""
        prefix = f"{CODE}/{package}"
        found = []
        for file, text in self._texts.items():
            if (file == prefix or file.startswith(f"{prefix}/")) and name in text:
                if file not in self._lines:
                    self._lines[file] = _first_lines(ast.parse(text))
                lines = [self._lines[file].get(each) for each in ((name, f".{name}") if package in _TYPED else (name,))]
                if known := [line for line in lines if line is not None]:
                    found.append(Task(file, min(known), f"names `{name}`"))
        return found

    def in_pages(self, name: str) -> list[Task]:
        """The lines of README.md and docs/ that have the name in code; the first of each page."""
        pages = [self._root / "README.md", *sorted((self._root / "docs").glob("*.md"))]
        word = re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])")
        found = []
        for page in pages:
            if not page.is_file() or page.name in ("migration.md", "spec-changes.md"):  # neither uses the API
                continue
            is_code = False
            for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
                is_code ^= line.startswith("```")
                text = line if is_code else " ".join(re.findall(r"`([^`]+)`", line))
                if word.search(text):
                    found.append(Task(page.relative_to(self._root).as_posix(), number, f"names `{name}`"))
                    break
        return found

    def matches(self, pattern: str, text: str) -> list[Task]:
        """The first line of each page that a pattern matches."""
        pages = ["README.md", *(f"docs/{path.name}" for path in sorted((self._root / "docs").glob("*.md")))]
        found = [
            self.line(page, pattern) for page in pages if page not in ("docs/migration.md", "docs/spec-changes.md")
        ]
        return [task._replace(text=text) for task in found if task]

    def line(self, file: str, pattern: str) -> Task | None:
        """The first line of a file that a pattern matches."""
        path = self._root / file
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        return next((Task(file, number, "") for number, text in enumerate(lines, 1) if re.search(pattern, text)), None)

    def cassettes(self, name: str) -> int:
        """How many cassettes have the name."""
        word = re.compile(rb"(?<![\w])" + re.escape(name.encode()) + rb"(?![\w])")
        return sum(bool(word.search(path.read_bytes())) for path in (self._root / "cassettes").rglob("*.yaml"))


def _first_lines(module: ast.Module) -> dict[str, int]:
    lines: dict[str, int] = {}
    prose = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(module):
        for name in _names(node, id(node) in prose):
            line = getattr(node, "lineno", 0)
            lines[name] = min(line, lines.get(name, line))
    return lines


def _names(node: ast.AST, is_prose: bool) -> Iterator[str]:
    """The names that code has as text, or as an attribute (with a dot before it), or imports from this project."""
    if isinstance(node, ast.Attribute) and node.attr != "name":  # of a file
        yield f".{node.attr}"
    elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("vimmerse"):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < _LONG:
        text = " ".join(re.findall(r"`([^`]+)`", node.value)) if is_prose else node.value
        yield text
        words = re.findall(r"[A-Za-z_][\w.-]*|/[\w/-]*[\w]", text)
        is_sentence = not is_prose and " " in text and not _LIST.fullmatch(text)
        yield from {word for word in words if not is_sentence or not word.isalpha()} - {text}
