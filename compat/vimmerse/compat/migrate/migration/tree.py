"""The migration of a source tree: which files the engine reads, and what becomes of each."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from vimmerse.compat.migrate import rewrite
from vimmerse.compat.migrate.check import selection
from vimmerse.compat.migrate.check.findings import Remark
from vimmerse.compat.migrate.migration.diff import unified_diff
from vimmerse.compat.migrate.migration.imports import related
from vimmerse.compat.migrate.migration.notebooks import Notebook
from vimmerse.compat.migrate.migration.text import TOO_DEEP, PythonFile, Unusable, check_nesting, nesting
from vimmerse.compat.migrate.migration.writing import write as write_changes
from vimmerse.compat.migrate.rewrite.places import Place, Rewrite, State, Target

Progress = Callable[[int, int], None]
_STATES: tuple[State, ...] = ("rewritten", "needs review", "left")
_SUFFIXES = selection.PYTHON - {".pyi"} | {".ipynb"}
_MAX_NESTING = 100  # levels of a syntax tree; LibCST takes several frames for each
_OTHER = "neither a Python program nor a notebook"
_MISSING = "migrating programs needs LibCST: pip install 'vimmerse[migrate]'"


@dataclass(frozen=True)
class Migration:
    """What a migration does to a program.

    Attributes:
        target: What the v1 calls become: ``http``, the v2 JSON API; ``typed``, ``vimmerse.v2.Vimmerse``.
        places: Every place that is written for v1, by path, cell and line, and what became of it.
        remarks: Files that were not migrated, as a whole or in part, and why, by path.
        files: How many files were read.
        changes: The new content of each file that changes, by the path as it was found.
        originals: The content that it had.
        written: Whether the files have been changed.
    """

    target: Target
    places: tuple[Place, ...]
    remarks: tuple[Remark, ...]
    files: int
    changes: Mapping[Path, bytes] = field(repr=False)  # with the keys that are in the code
    originals: Mapping[Path, bytes] = field(repr=False)
    written: bool = False

    @property
    def complete(self) -> bool:
        """Whether every place was rewritten and needs no review."""
        return all(place.state == "rewritten" for place in self.places)

    @property
    def unreadable(self) -> bool:
        """Whether a file or a given path could not be read or parsed, so that places may be missing here."""
        return any(remark.kind in ("unreadable", "unparsable") for remark in self.remarks)

    def diff(self, path: Path) -> bytes:
        """The unified diff of a changed file. Its name is relative to the working directory if it is below it.

        The lines are those of the file, with any API key that is in them.
        """
        return b"".join(unified_diff(os.fspath(path), self.originals[path], self.changes[path], os.getcwd()))

    def by_operation(self) -> dict[str, dict[str, int]]:
        """How many places are in each state, by v1 operation, or by kind where a place belongs to none."""
        places: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            places[place.operation or place.kind].append(place)
        return {name: _states(places[name]) for name in sorted(places)}

    def summary(self) -> dict[str, int]:
        """The number of files, of those that change, and of places in each state."""
        return {"files": self.files, "changed": len(self.changes), **_states(self.places)}

    def to_dict(self) -> dict[str, object]:
        """The report as JSON values. ``changed`` has the diffs, in which bytes that are not UTF-8 are replaced."""
        return {
            "target": self.target,
            "written": self.written,
            "changed": [
                {"path": selection.shown(os.fspath(path)), "diff": self.diff(path).decode("utf-8", "replace")}
                for path in self.changes
            ],
            "places": [asdict(place) for place in self.places],
            "remarks": [asdict(remark) for remark in self.remarks],
            "summary": {**self.summary(), "by_operation": self.by_operation()},
        }

    def write(self, *, allow_dirty: bool = False) -> None:
        """Change the files. Raises what :func:`migrate` raises."""
        write_changes(self.originals, self.changes, allow_dirty=allow_dirty)


def _states(places: Iterable[Place]) -> dict[str, int]:
    counts = Counter(place.state for place in places)
    return {state.replace(" ", "_"): counts[state] for state in _STATES}


def migrate(
    paths: Iterable[str | os.PathLike[str]],
    *,
    target: Target = "http",
    write: bool = False,
    allow_dirty: bool = False,
    progress: Progress | None = None,
) -> Migration:
    """Rewrite v1 calls in Python programs, and what reads their responses, for version 2. No code is run.

    Args:
        paths: Python files and notebooks, and folders with such files. They are one program: values are followed
            from each of its modules into the others.
        target: What the calls become. ``http``: calls of the v2 JSON API by the HTTP library that the program uses;
            ``typed``: calls of ``vimmerse.v2.Vimmerse``.
        write: Change the files. Each is replaced as a whole, or not at all.
        allow_dirty: Write also where git could not restore the files: they have uncommitted changes, or are in no
            git work tree.
        progress: Called with the number of modules that are done, and of all.

    Raises:
        ImportError: LibCST is not installed.
        DirtyTreeError: Git could not restore a file, and that is not allowed. Nothing has been written.
        WriteError: A file can't be replaced, or is not what it was when it was read. ``written`` names the files that
            were changed before; nearly always there are none.
    """
    migration = migrate_tree(paths, target, progress=progress)
    if not write:
        return migration
    migration.write(allow_dirty=allow_dirty)
    return replace(migration, written=True)


def migrate_tree(
    paths: Iterable[str | os.PathLike[str]], target: Target = "http", *, progress: Progress | None = None
) -> Migration:
    """Return what :func:`migrate` would do. Nothing is written."""
    remarks: list[Remark] = []
    contents = _contents(paths, remarks)
    programs: dict[str, PythonFile | Notebook] = {}
    for path in sorted(related(contents)):
        try:
            program = _program(path, contents[path], remarks)
            check_nesting(program.code)
            programs[path] = program
        except Unusable as error:
            remarks.append(Remark(selection.shown(path), 0, "unparsable", str(error)))
    result = _rewritten({path: program.code for path, program in programs.items()}, target, progress)
    changes: dict[Path, bytes] = {}
    for path, code in result.sources.items():
        try:
            changes[Path(path)] = programs[path].replaced(code)
        except Unusable as error:
            remarks.append(Remark(selection.shown(path), 0, "unparsable", str(error)))
    remarks += (Remark(selection.shown(path), 0, "unparsable", text) for path, text in result.errors.items())
    return Migration(
        target,
        tuple(
            sorted(
                (_placed(place, programs) for place in result.places),
                key=lambda each: (each.path, each.cell, each.line, each.column, each.kind),
            )
        ),
        tuple(sorted(set(remarks), key=lambda each: (each.path, each.kind, each.cell, each.line, each.text))),
        len(contents),
        MappingProxyType(dict(sorted(changes.items()))),
        MappingProxyType({path: contents[os.fspath(path)] for path in changes}),
    )


def _contents(paths: Iterable[str | os.PathLike[str]], remarks: list[Remark]) -> dict[str, bytes]:
    """The content of each Python file and notebook."""
    contents: dict[str, bytes] = {}
    for path, named in selection.find_files(paths, remarks):
        suffix = os.path.splitext(path)[1].lower()
        if suffix and suffix not in _SUFFIXES:
            if named:
                remarks.append(Remark(selection.shown(path), 0, "skipped", _OTHER))
            continue
        read = selection.read(path, named, remarks)
        if read is None:
            continue
        suffix, content = read
        if suffix not in _SUFFIXES or b"\0" in content:
            if named or suffix in _SUFFIXES:
                remarks.append(Remark(selection.shown(path), 0, "skipped", _OTHER))
            continue
        contents[os.fspath(Path(path))] = content
    return contents


def _program(path: str, content: bytes, remarks: list[Remark]) -> PythonFile | Notebook:
    if not path.lower().endswith(".ipynb"):
        return PythonFile(content)
    notebook = Notebook(content, selection.shown(path))
    remarks += notebook.remarks
    return notebook


def _rewritten(sources: Mapping[str, str], target: Target, progress: Progress | None) -> Rewrite:
    if not sources:
        return Rewrite({}, (), {})
    try:
        return rewrite.rewrite(sources, target=target, progress=progress)
    except RecursionError:
        deep = dict.fromkeys((path for path, code in sources.items() if nesting(code) > _MAX_NESTING), TOO_DEEP)
        if not deep:
            raise
        rest = {path: code for path, code in sources.items() if path not in deep}
        result = _rewritten(rest, target, progress)
        return replace(result, errors={**result.errors, **deep})
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "libcst":
            raise
        raise ImportError(_MISSING) from None


def _placed(place: Place, programs: Mapping[str, PythonFile | Notebook]) -> Place:
    """A place of a program where it is in the file."""
    position = programs[place.path].position
    cell, line = position(place.line)
    end_line = position(place.end_line)[1] if place.end_line else 0
    return replace(place, path=selection.shown(place.path), cell=cell, line=line, end_line=end_line)
