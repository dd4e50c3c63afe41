"""The check of all files."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import decode_source

from vimmerse.compat.migrate.check import bruno, exports, http_files, notebooks, selection, text_calls
from vimmerse.compat.migrate.check.findings import CheckReport, Finding, Problem, Remark
from vimmerse.compat.migrate.check.problems import PlacedProblem, placed, problems_of_python, problems_of_text
from vimmerse.compat.migrate.check.python_calls import CallFinder, Modules
from vimmerse.compat.migrate.check.recognition import RESOURCES, V1Call

_V1_WORDS = re.compile(rb"story|media|vimmerse|" + RESOURCES.encode(), re.IGNORECASE)
_UNSURE = "a URL whose host or path is known only at run time; it may be a v1 call: check it by hand"
_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, LookupError)


@dataclass
class _Source:
    """A file that has been read, or the program in it. ``places``: the cell and line of each line of a notebook."""

    path: str
    suffix: str
    content: bytes
    places: Sequence[tuple[int, int]] = ()

    def __post_init__(self) -> None:
        self.is_python = self.suffix in selection.PYTHON
        self.mentions_vimmerse = b"vimmerse" in self.content.lower()

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file. Raises one of ``_UNPARSABLE``."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the program's own escapes
            return ast.parse(decode_source(self.content))


def check(
    paths: Iterable[str | os.PathLike[str]], *, progress: Callable[[int, int], None] | None = None
) -> CheckReport:
    """Find the v1 calls of these files, and of all source files below these directories.

    ``progress``: called with the number of files that were searched, and that of those to be searched.

    Never raises for a file that can't be read or parsed: it becomes a remark.
    """
    remarks: list[Remark] = []
    sources: list[_Source] = []
    count = 0
    modules = Modules()
    for path, named in selection.find_files(paths, remarks):
        count += 1
        source = _read(path, named, remarks)
        if source is None:
            continue
        if source.is_python and source.mentions_vimmerse:
            with contextlib.suppress(*_UNPARSABLE):  # becomes a remark below
                modules.add(os.path.splitext(os.path.basename(source.path))[0], source.tree)
        if _V1_WORDS.search(source.content):
            sources += _programs(source, remarks) if source.suffix == ".ipynb" else [source]
    # A file without the word vimmerse can only call the API by an address from another module.
    sources = [each for each in sources if each.mentions_vimmerse or (each.is_python and modules.constants)]
    problems: list[Problem] = []
    finders = [_python_calls(source, modules, remarks, problems) if source.is_python else None for source in sources]
    findings: list[Finding] = []
    # All modules have been visited: now it is known which addresses are used, be it by another module.
    for done, (source, finder) in enumerate(zip(sources, finders, strict=True), 1):
        if progress is not None:
            progress(done, len(sources))
        if finder is not None:
            findings += _findings_of_python(source, finder, remarks)
        else:
            findings += _findings_of_text(source, remarks, problems)
    return CheckReport(
        tuple(
            sorted(
                dict.fromkeys(findings),
                key=lambda each: (each.path, each.cell, each.line, each.column, each.v1, each.v2),
            )
        ),
        tuple(sorted(set(remarks), key=lambda each: (each.path, each.kind, each.cell, each.line, each.text))),
        count,
        tuple(
            sorted(set(problems), key=lambda each: (each.path, each.cell, each.line, each.column, each.kind, each.text))
        ),
    )


def _read(path: str, named: bool, remarks: list[Remark]) -> _Source | None:
    read = selection.read(path, named, remarks)
    if read is None:
        return None
    suffix, content = read
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):  # as some Windows programs write text
        content = content.decode("utf-16", "replace").encode()
    if b"\0" in content[:8192]:
        remarks.append(Remark(selection.shown(path), 0, "skipped", "not a text file"))
        return None
    return _Source(selection.shown(path), suffix, content)


# One file


def _python_calls(
    source: _Source, modules: Modules, remarks: list[Remark], problems: list[Problem]
) -> CallFinder | None:
    """Visit a Python file; None where it can't be parsed."""
    try:
        code = decode_source(source.content)
        finder = CallFinder(modules, code)
        finder.visit(source.tree)
        if source.mentions_vimmerse:
            problems += [_problem(source, each) for each in problems_of_python(code, source.tree, finder.results()[0])]
        del source.tree  # not needed any more, and larger than the file
    except _UNPARSABLE as error:
        line = error.lineno or 0 if isinstance(error, SyntaxError) else 0
        why = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}".rstrip(": ")
        text = f"this Python can't be parsed ({why}); it was searched as text"
        remarks.append(Remark(source.path, line, "unparsable", text))
        return None
    return finder


def _programs(source: _Source, remarks: list[Remark]) -> Iterator[_Source]:
    """The programs of a notebook; if it is none, it is searched as text."""
    programs = notebooks.programs(source.content)
    if programs is None:
        yield source
    for program in programs or ():
        if program.suffix == notebooks.UNPARSABLE:
            text = "this cell can't be parsed as Python; it was searched as text"
            lines = zip(program.places, program.lines, strict=True)
            cells = dict.fromkeys(cell for (cell, _), line in lines if cell and _V1_WORDS.search(line.encode()))
            remarks += [Remark(source.path, 0, "unparsable", text, cell) for cell in cells]
        yield _Source(source.path, program.suffix, program.text.encode("utf-8", "replace"), program.places)


def _place(source: _Source, line: int) -> tuple[int, int]:
    """The cell and the line of a line of the source."""
    return source.places[line - 1] if source.places else (0, line)


def _findings_of_python(source: _Source, finder: CallFinder, remarks: list[Remark]) -> Iterator[Finding]:
    calls, unknown = finder.results()
    for node in unknown:
        cell, line = _place(source, node.lineno)
        remarks.append(Remark(source.path, line, "unsure", _UNSURE, cell))
    for line, column, call in placed(decode_source(source.content), calls):
        yield _finding(source, call, line, column)


def _findings_of_text(source: _Source, remarks: list[Remark], problems: list[Problem]) -> Iterator[Finding]:
    code = source.content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    problems += (_problem(source, each) for each in problems_of_text(code))
    starts = [0, *(match.end() for match in re.finditer("\n", code))]
    for offset, call in _calls_of_text(code, source.suffix):
        line = bisect_right(starts, offset)
        if call is None:
            remarks.append(Remark(source.path, line, "unsure", _UNSURE))
        else:
            yield _finding(source, call, line, offset - starts[line - 1] + 1)


def _calls_of_text(code: str, suffix: str) -> Iterable[tuple[int, V1Call | None]]:
    if suffix in (".http", ".rest"):
        return http_files.find_requests(code)
    if suffix == ".bru":
        return bruno.find_requests(code)
    found = exports.find_requests(code) if suffix == ".json" else None
    return text_calls.find_calls(code, suffix) if found is None else found


def _finding(source: _Source, call: V1Call, line: int, column: int) -> Finding:
    cell, line = _place(source, line)
    finding = call.finding(source.path, line, column)
    return replace(finding, cell=cell) if cell else finding


def _problem(source: _Source, problem: PlacedProblem) -> Problem:
    cell, line = _place(source, problem.line)
    return Problem(source.path, line, problem.column, problem.kind, problem.text, cell)
