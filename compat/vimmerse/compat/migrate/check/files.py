"""Which files are looked at, and the scan of all of them."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from vimmerse.compat.migrate.check import become, python, text
from vimmerse.compat.migrate.check.become import UNKNOWN, Match, Payload
from vimmerse.compat.migrate.check.findings import Finding, Note, Remark, Report, words

#: Directories that hold what others wrote, or what was made from the sources. One that is named is looked into.
SKIPPED = words(
    ".git .hg .svn .venv venv .tox .nox .eggs __pycache__ .mypy_cache .pytest_cache .ruff_cache node_modules "
    "site-packages bower_components vendor dist build"
)
PYTHON = frozenset({".py", ".pyi", ".pyw"})
OTHERS = words(
    ".js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte .php .go .rb .java .kt .kts .scala .groovy .cs .fs .vb .swift "
    ".dart .rs .c .h .cc .cpp .hpp .m .mm .lua .pl .pm .r .jl .ex .exs .clj .sh .bash .zsh .fish .ps1 .bat .cmd .http "
    ".rest .ipynb"
)
LARGEST = 2 * 1024 * 1024  # bytes
_SHEBANG = re.compile(rb"#![^\n]*\b(python|node|ruby|php|bash|zsh|sh|perl|deno|bun)[\d.]*\b")
_WORDS = re.compile(rb"story|media|api\.vimmerse", re.IGNORECASE)
_HOST = re.compile(rb"vimmerse", re.IGNORECASE)


@dataclass
class _Source:
    """A file that has been read."""

    path: str
    suffix: str
    content: bytes
    _tree: tuple[ast.Module, str] | None = None

    @property
    def is_python(self) -> bool:
        return self.suffix in PYTHON

    def parsed(self) -> tuple[ast.Module, str]:
        """The syntax tree and the code, the same ones each time. Raises one of ``_UNPARSABLE``."""
        if self._tree is None:
            self._tree = _parsed(self.content)
        return self._tree

    def learn(self, program: python.Program) -> None:
        """Note the constants of a module, as far as it has any."""
        with contextlib.suppress(*_UNPARSABLE):  # the scan itself will tell
            program.add(os.path.splitext(os.path.basename(self.path))[0], python.constants(self.parsed()[0]))


def check(paths: Iterable[str | os.PathLike[str]]) -> Report:
    """Find the v1 calls of these files, and of all source files below these directories.

    Raises nothing for what it finds there: a file that can't be read becomes a remark.
    """
    remarks: list[Remark] = []
    sources: list[_Source] = []
    count = 0
    program = python.Program()
    for path, named in _files(paths, remarks):
        count += 1
        source = _read(path, named, remarks)
        if source is None:
            continue
        if source.is_python and _HOST.search(source.content):
            source.learn(program)
        if _WORDS.search(source.content):
            sources.append(source)
    findings: list[Finding] = []
    # What does not speak of the service can only call it by an address from another module.
    sources = [each for each in sources if _HOST.search(each.content) or (each.is_python and program.names)]
    scans = [(source, _scan(source, program, remarks)) for source in sources]
    for source, found in scans:
        # Only now is it known which addresses are used, be it in another module.
        findings += _of_python(source, found, program, remarks) if found is not None else _of_text(source)
    findings.sort(key=lambda each: (each.path, each.line, each.column, each.v1, each.v2))
    return Report(
        tuple(dict.fromkeys(findings)),
        tuple(sorted(set(remarks), key=lambda each: (each.path, each.kind, each.line, each.text))),
        count,
    )


# Files


def _files(paths: Iterable[str | os.PathLike[str]], remarks: list[Remark]) -> Iterator[tuple[str, bool]]:
    """Paths of files, and whether each was named by the caller; each once."""
    seen: set[str] = set()
    for given in paths:
        start = os.fspath(given)
        if not os.path.exists(start):
            remarks.append(Remark(_shown(start), 0, "unreadable", "there is no such file or directory"))
        found = _walk(start, remarks) if os.path.isdir(start) else [start] if os.path.exists(start) else []
        for path in found:
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield path, path is start


def _walk(top: str, remarks: list[Remark]) -> Iterator[str]:
    def note(error: OSError) -> None:
        remarks.append(Remark(_shown(str(error.filename)), 0, "unreadable", str(error.strerror)))

    for directory, inner, names in os.walk(top, onerror=note):
        inner[:] = sorted(name for name in inner if name not in SKIPPED and not name.endswith(".egg-info"))
        for name in sorted(names):
            suffix = os.path.splitext(name)[1].lower()
            if (suffix in PYTHON or suffix in OTHERS or not suffix) and ".min." not in name:
                yield os.path.join(directory, name)


def _read(path: str, named: bool, remarks: list[Remark]) -> _Source | None:
    suffix = os.path.splitext(path)[1].lower()
    try:
        if not os.path.isfile(path):  # a pipe would never end, a device neither
            if named or os.path.islink(path):
                remarks.append(Remark(_shown(path), 0, "unreadable", "it is no regular file"))
            return None
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST:
                if suffix or named:
                    limit = f"it has {size:,} bytes; files up to {LARGEST:,} are looked at"
                    remarks.append(Remark(_shown(path), 0, "skipped", limit))
                return None
            content = file.read(LARGEST + 1)
    except OSError as error:
        remarks.append(Remark(_shown(path), 0, "unreadable", str(error.strerror)))
        return None
    if not suffix:
        program = _SHEBANG.match(content)
        if program is None and not named:
            return None
        suffix = ".py" if program is not None and program[1] == b"python" else ".sh"
    content = _as_utf8(content)
    if b"\0" in content[:8192]:
        remarks.append(Remark(_shown(path), 0, "skipped", "it is no text"))
        return None
    return _Source(_shown(path), suffix, content)


def _as_utf8(content: bytes) -> bytes:
    """Windows programs save text as UTF-16, too."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace").encode()
    return content


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")


# One file

_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, LookupError)


def _parsed(content: bytes) -> tuple[ast.Module, str]:
    """Raises one of ``_UNPARSABLE``."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    code = io.TextIOWrapper(io.BytesIO(content), encoding, newline=None).read()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on what the program itself is warned about
        return ast.parse(code), code


def _scan(source: _Source, program: python.Program, remarks: list[Remark]) -> python.Scan | None:
    """What the syntax tree of a Python file has; None where there is no tree."""
    if not source.is_python:
        return None
    try:
        tree, code = source.parsed()
        return python.scan(tree, code, program)
    except _UNPARSABLE as error:
        line = error.lineno or 0 if isinstance(error, SyntaxError) else 0
        why = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}".rstrip(": ")
        told = f"this Python can't be parsed ({why}); it was searched as text"
        remarks.append(Remark(source.path, line, "unparsable", told))
        return None


def _of_python(
    source: _Source, found: python.Scan, program: python.Program, remarks: list[Remark]
) -> Iterator[Finding]:
    lines = _Lines(source.parsed()[1])
    calls, veiled = found.finish(program)
    for node in veiled:
        told = "an address whose host or path only the running program knows; it may be v1's: look at it yourself"
        remarks.append(Remark(source.path, node.lineno, "unsure", told))
    for call in calls:
        yield _finding(source.path, call.node.lineno, lines.column(call.node), call.match, call.payload)


def _of_text(source: _Source) -> Iterator[Finding]:
    code = source.content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = _Lines(code)
    for hit in text.scan(code, source.suffix):
        yield _finding(source.path, *lines.place(hit.offset), hit.match, hit.payload)


class _Lines:
    """Offsets as lines and columns, from 1."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._starts = [0, *(found.end() for found in re.finditer("\n", code))]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def column(self, node: ast.expr) -> int:
        """The tree counts bytes of UTF-8; people count characters."""
        start = self._starts[node.lineno - 1]
        line = self._code[start : self._code.find("\n", start) + 1 or None]
        return len(line.encode()[: node.col_offset].decode("utf-8", "replace")) + 1


def _finding(path: str, line: int, column: int, match: Match, payload: Payload | None) -> Finding:
    operations = match.operations
    notes: tuple[Note, ...] = ()
    fields: Literal["all", "some", "unknown", "none"] = "unknown"
    if len(operations) == 1:
        (operation,) = operations
        known = payload or Payload()
        notes = become.notes(operation, known)
        if not operation.rules:
            fields = "none"
        elif payload is not None:
            fields = _knowledge(payload)
    methods = "|".join(operation.method for operation in operations)
    return Finding(
        path,
        line,
        column,
        f"{methods} {match.path}",
        tuple(operation.v1 for operation in operations),
        tuple(operation.v2 for operation in operations),
        notes,
        fields,
    )


def _knowledge(payload: Payload) -> Literal["all", "some", "unknown", "none"]:
    if not payload.values:
        return "none" if payload.complete else "unknown"
    whole = payload.complete and all(value is not UNKNOWN for value in payload.values.values())
    return "all" if whole else "some"
