"""The code of a Jupyter notebook: its Python cells are one program, its shell commands another."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

from vimmerse.compat.migrate.check.text_addresses import BASE_URL

COMMAND = re.compile(
    r"^([ \t]*+)(?:[\w., \t]++=[ \t]*+)?([!%](?:\\\n|[^\n])*+|\?[^\n]*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE
)
CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*")
#: The suffix of Python that can't be parsed, which is searched as text.
UNPARSABLE = ".ipy"
#: Cells whose remaining lines are Python.
PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
_SHELL_MAGICS = frozenset({"bash", "sh", "script", "cmd"})


@dataclass
class Program:
    """The code in one language. ``places``: the cell and the line in it, from 1, of each line."""

    suffix: str
    lines: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)

    def add(self, cell: int, code: str) -> None:
        for line, text in enumerate(code.split("\n"), 1):
            self.lines.append(text)
            self.places.append((cell, line))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def programs(content: bytes) -> Sequence[Program] | None:
    """The programs of a notebook; None if it is none. The cells that can't be parsed are one with that suffix."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    python, shell, script, broken = (Program(suffix) for suffix in (".py", ".sh", ".js", UNPARSABLE))
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source")
        code = "".join(map(str, source)) if isinstance(source, list) else str(source)
        code = code.replace("\r\n", "\n").replace("\r", "\n")
        magic = CELL_MAGIC.match(code)
        if magic is not None and magic[1] not in PYTHON_MAGICS:
            program = shell if magic[1] in _SHELL_MAGICS else script
            program.add(number, _blank(magic[0]) + code[magic.end() :])
            continue
        if magic is not None:
            code = _blank(magic[0]) + code[magic.end() :]
        if not parses(code):
            shell.add(number, _commands(code))
            code = COMMAND.sub(_without_command, code)
        (python if parses(code) else broken).add(number, code)
    base_url = BASE_URL.search(python.text)
    for program in (shell, script, broken):
        if base_url is not None and program.lines:
            program.add(0, f'"{base_url[0]}"')  # which their paths are below, if a cell of Python sets it
    return [program for program in (python, shell, script, broken) if program.lines]


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _commands(code: str) -> str:
    """The shell commands of a cell, where they stand."""
    parts, end = [], 0
    for command in COMMAND.finditer(code):
        if command[2][:1] == "!":
            parts += [_blank(code[end : command.start(2) + 1]), command[2][1:]]
            end = command.end()
    return "".join([*parts, _blank(code[end:])])


def _without_command(match: re.Match[str]) -> str:
    """``pass`` for a command, with as many lines."""
    return f"{match[1]}pass" + "\n" * match[0].count("\n")


def parses(code: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
