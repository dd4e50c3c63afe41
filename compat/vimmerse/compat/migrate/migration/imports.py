"""Which modules of a program the migration has to parse, found by a scan of the text.

Parsing all of a large tree would take minutes. Needed are the modules that mention the API, those that import them,
directly or not, and whatever all of these import: an address, a payload or a response may pass through each.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

#: The API or one of its v1 paths. That a path is v1's is for the syntax tree to say.
MENTIONS = re.compile(rb"vimmerse|/story\b|/media/(?:upload|prompt)\b|/processing-status\b", re.IGNORECASE)
_IMPORT = re.compile(
    rb"(?:^|[;:])[ \t\f]*+(?:"
    rb"from[ \t]++(?P<dots>\.*+)[ \t]*+(?P<module>[^\s#;()\"]*?)[ \t]*+\bimport\b[ \t]*+(?P<names>\([^)]*+|[^\n#;]*+)"
    rb"|import[ \t]++(?P<modules>[^\n#;]++))",
    re.MULTILINE,
)
_CONTINUED = re.compile(rb"\\\r?\n")
_COMMENT = re.compile(rb"#[^\n]*+")
_MAX_CANDIDATES = 20  # folders that have a module of the same name


def related(contents: Mapping[str, bytes]) -> set[str]:
    """The paths of the modules to parse, of these files by path."""
    needed = {path for path, content in contents.items() if MENTIONS.search(content)}
    if not needed:
        return needed
    modules = _Modules(contents)
    imports = {path: set(modules.imported_by(path, content)) for path, content in contents.items()}
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for path, targets in imports.items():
        for target in targets:
            importers[target].add(path)
    return _reachable(imports, _reachable(importers, needed))


def _reachable(edges: Mapping[str, set[str]], start: Iterable[str]) -> set[str]:
    reached, pending = set(start), list(start)
    while pending:
        new = edges.get(pending.pop(), set()) - reached
        reached |= new
        pending += new
    return reached


class _Modules:
    """The modules of a tree by where they are; an import may find one as Python would with any of its folders."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._files: dict[str, str] = {}  # by the absolute path without its suffix
        self._folders: set[str] = set()
        self._parents: defaultdict[str, list[str]] = defaultdict(list)  # of each name: where it can be imported from
        self._absolute: dict[str, str] = {}
        self._start: dict[tuple[str, str], tuple[str, ...]] = {}
        for path in paths:
            full = os.path.abspath(path)
            self._absolute[path] = full
            stem, suffix = os.path.splitext(full)
            if suffix.lower() == ".ipynb":
                continue  # nothing imports a notebook
            self._files[stem] = path
            folder, name = os.path.split(stem)
            self._parents[name].append(folder)
            while folder not in self._folders:
                self._folders.add(folder)
                parent, name = os.path.split(folder)
                self._parents[name].append(parent)
                folder = parent

    def imported_by(self, path: str, content: bytes) -> Iterator[str]:
        folder = os.path.dirname(self._absolute[path])
        if path.endswith(".ipynb"):
            content = content.replace(b"\\n", b"\n").replace(b'"', b"\n")  # a line of code is a line again
        content = _CONTINUED.sub(b" ", content).replace(b"\r", b"\n")
        for match in _IMPORT.finditer(content):
            if match["modules"] is not None:
                for name in _names(match["modules"]):
                    yield from self._absolute_import(folder, name.split("."), [])
                continue
            module = match["module"].decode("utf-8", "replace")
            parts, names = [part for part in module.split(".") if part], _names(match["names"])
            if match["dots"]:
                start = folder
                for _ in match["dots"][1:]:
                    start = os.path.dirname(start)
                yield from self._at(start, parts, names)
            elif parts:
                yield from self._absolute_import(folder, parts, names)

    def _absolute_import(self, folder: str, parts: list[str], names: list[str]) -> Iterator[str]:
        for start in self._starts(folder, parts[0]):
            yield from self._at(start, parts, names)

    def _starts(self, folder: str, name: str) -> tuple[str, ...]:
        """Where a name may be imported from: next to the importer, above it, or else in any folder."""
        if (folder, name) not in self._start:
            start = folder
            while not self._has(start, name) and start != os.path.dirname(start):
                start = os.path.dirname(start)
            found = (start,) if self._has(start, name) else tuple(self._parents.get(name, ())[:_MAX_CANDIDATES])
            self._start[folder, name] = found
        return self._start[folder, name]

    def _has(self, folder: str, name: str) -> bool:
        place = os.path.join(folder, name)
        return place in self._files or place in self._folders

    def _at(self, start: str, parts: list[str], names: list[str]) -> Iterator[str]:
        """The files of a dotted name: of the packages that it is in too, and of modules among the imported names."""
        places = [start] if not parts else []
        for part in parts:
            start = os.path.join(start, part)
            places.append(start)
        for place in (*places, *(os.path.join(start, name) for name in names)):
            for stem in (place, os.path.join(place, "__init__")):
                if stem in self._files:
                    yield self._files[stem]


def _names(text: bytes) -> list[str]:
    """The imported names: ``a.b`` and ``c`` in ``(a.b as x,  # why`` and ``c``."""
    items = _COMMENT.sub(b"", text).decode("utf-8", "replace").strip("()").split(",")
    return [words[0] for item in items if (words := item.split())]
