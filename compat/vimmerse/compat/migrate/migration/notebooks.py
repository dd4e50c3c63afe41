"""The Python cells of a Jupyter notebook as one module, and the notebook in which they are replaced.

Magics and shell commands stay: those within a cell are calls of an unknown function in the module. Statements that do
nothing separate the cells, so that each gets its own lines back. In the JSON, only the lines of a cell that change are
written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from vimmerse.compat.migrate.check import notebooks
from vimmerse.compat.migrate.check.findings import Remark
from vimmerse.compat.migrate.json_spans import items, members
from vimmerse.compat.migrate.migration.imports import MENTIONS
from vimmerse.compat.migrate.migration.text import Lines, Unusable

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
#: Cells whose remaining lines are part of the program. Those of %%python run in a process of their own.
_PYTHON_MAGICS = notebooks.PYTHON_MAGICS - {"python", "python3"}
_PYTHON_COMMAND = re.compile(r"%(time|timeit|prun|memit|debug)\b")


@dataclass
class _Cell:
    """A cell of the program: its source is at ``start`` to ``end`` of the JSON text."""

    number: int
    start: int
    end: int
    magic: str  # the line in front of the program, with its line ending
    lines: Lines
    code: str  # the plain form, with calls in place of commands
    commands: dict[str, str] = field(default_factory=dict)  # the command that each call stands for


class Notebook:
    """A notebook.

    Attributes:
        code: The module that its Python cells make.
        remarks: The cells that mention the API and are not part of it.
    """

    def __init__(self, content: bytes, path: str) -> None:
        self.remarks: list[Remark] = []
        self._path = path
        try:
            self._text = content.decode("utf-8")
            document = json.loads(self._text.removeprefix("\ufeff"))
        except UnicodeDecodeError:
            raise Unusable("it is not UTF-8") from None
        except (ValueError, RecursionError) as error:
            raise Unusable(f"it is not JSON ({error})") from None
        if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
            raise Unusable("it is not a notebook of format 4")
        if _language(document) not in ("", "python", "ipython"):
            raise Unusable(f"its language is {_language(document)}")
        self._name = _unused("_ipython", self._text)  # of calls
        self._mark = _unused("[cell]", self._text)  # of the statements between cells
        self._cells = list(self._program())
        self.code = f"\n{self._separator}\n".join(cell.code for cell in self._cells)
        self._positions: list[tuple[int, int]] = []
        for cell in self._cells:
            first = cell.magic.count("\n") + 1
            count = cell.code.count("\n") + 2  # with the separator
            self._positions += [(cell.number, line) for line in range(first, first + count)]

    @property
    def _separator(self) -> str:
        return f'"{self._mark}"'

    def position(self, line: int) -> tuple[int, int]:
        """The number of the cell, from 1, and the line in it."""
        return self._positions[line - 1] if 0 < line <= len(self._positions) else (0, line)

    def replaced(self, code: str) -> bytes:
        """The notebook with ``code`` in place of its module."""
        if code == self.code:
            return self._text.encode("utf-8")
        # The first cell and the last one may be empty.
        sources = f"\n{code}\n".split(f"\n{self._separator}\n")
        if len(sources) != len(self._cells):
            raise Unusable("the new code can't be divided into its cells")
        sources[0] = sources[0][1:]
        sources[-1] = sources[-1][:-1]
        parts, at = [], 0
        for cell, source in zip(self._cells, sources, strict=True):
            if source != cell.code:
                source = cell.lines.restored(self._with_commands(cell, source))
                parts += [self._text[at : cell.start], self._rendered(cell, cell.magic + source)]
                at = cell.end
        return "".join([*parts, self._text[at:]]).encode("utf-8")

    # Reading

    def _program(self) -> Iterator[_Cell]:
        """Yield the cells of the program."""
        document = self._text.index("{")
        cells = {name: start for name, start, _ in members(self._text, document)}["cells"]
        for number, (start, _) in enumerate(items(self._text, cells), 1):
            if self._text[start] != "{":
                continue
            spans = {name: (value, end) for name, value, end in members(self._text, start)}
            if "source" not in spans or self._value(spans.get("cell_type")) != "code":
                continue
            source = self._value(spans["source"])
            source = "".join(map(str, source)) if isinstance(source, list) else str(source)
            cell = self._cell(number, *spans["source"], source)
            if cell is not None:
                yield cell

    def _value(self, span: tuple[int, int] | None) -> object:
        return None if span is None else json.loads(self._text[slice(*span)])

    def _cell(self, number: int, start: int, end: int, source: str) -> _Cell | None:
        match = notebooks.CELL_MAGIC.match(source)
        if match is not None and match[1] not in _PYTHON_MAGICS:
            self._note(number, "skipped", f"a cell of %%{match[1]} is not rewritten", source)
            return None
        magic = "" if match is None else match[0] + ("\n" if source[match.end() :] else "")
        lines = Lines(source[len(magic) :])
        cell = _Cell(number, start, end, magic, lines, lines.code)
        if not notebooks.parses(cell.code):
            cell.code = notebooks.COMMAND.sub(lambda match: self._call(cell, match), cell.code)
        if not notebooks.parses(cell.code):
            self._note(number, "unparsable", "this cell can't be parsed as Python", source)
            return None
        return cell

    def _call(self, cell: _Cell, match: re.Match[str]) -> str:
        """What stands for a command: a call, with as many lines."""
        start = match.start(2) - match.start()
        if _PYTHON_COMMAND.match(match[2]):
            # What follows in the notebook may go on with it, so this is not like a command of the shell.
            self._note(cell.number, "unparsable", "the Python code after a magic of IPython is not rewritten", match[2])
        else:
            self._note(cell.number, "skipped", "a command in this cell is not rewritten", match[2])
        lines = "\n" * match[2].count("\n")
        call = f"{self._name}_{len(cell.commands)}({lines})"
        cell.commands[call] = match[2]
        return match[0][:start] + call

    def _note(self, number: int, kind: Literal["skipped", "unparsable"], text: str, source: str) -> None:
        if MENTIONS.search(source.encode("utf-8", "replace")):
            self.remarks.append(Remark(self._path, 0, kind, text, number))

    # Writing

    def _with_commands(self, cell: _Cell, source: str) -> str:
        for call, command in cell.commands.items():
            if source.count(call) != 1:
                raise Unusable(f"the new code of cell {cell.number} has lost a command")
            source = source.replace(call, command)
        return source

    def _rendered(self, cell: _Cell, source: str) -> str:
        """The JSON of a new source, in the style of the old one; lines that stay are as they were."""
        old = self._text[cell.start : cell.end]

        def dumped(text: str) -> str:
            return json.dumps(text, ensure_ascii=self._text.isascii())

        if old[0] != "[":
            return dumped(source)
        spans = list(items(old, 0))
        written = {line: old[start:end] for start, end in spans if isinstance(line := json.loads(old[start:end]), str)}
        lines = [written.get(line) or dumped(line) for line in _LINE.findall(source)]
        (start, end), last = spans[0], spans[-1][1]
        between = old[end : spans[1][0]] if len(spans) > 1 else f",{old[1:start]}"
        return old[:start] + between.join(lines) + old[last:]


def _language(document: dict[str, object]) -> str:
    """The language of the kernel in lower case; empty if it is not named."""
    metadata = document.get("metadata")
    for name, key in (("kernelspec", "language"), ("language_info", "name")):
        member = metadata.get(name) if isinstance(metadata, dict) else None
        if isinstance(member, dict) and member.get(key):
            return str(member[key]).lower()
    return ""


def _unused(name: str, text: str) -> str:
    """``name``, or one like it, that is not part of a text."""
    while name in text:
        name = name.replace("i", "ii", 1) if name[0] == "_" else name.replace("c", "cc", 1)
    return name
