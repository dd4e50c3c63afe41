"""Writing the changed files, where nothing can be lost by it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from vimmerse.compat.migrate.migration.git import not_restorable
from vimmerse.compat.migrate.replacing import Replacement


class WriteError(Exception):
    """The changes were not written, or not all of them.

    Attributes:
        reasons: Why, one sentence for each file.
        written: The files that were changed before; none if the error was found before anything was written.
    """

    def __init__(self, message: str, reasons: tuple[str, ...], written: tuple[Path, ...] = ()) -> None:
        super().__init__(message)
        self.reasons = reasons
        self.written = written


class DirtyTreeError(WriteError):
    """Git could not restore the files: they have uncommitted changes, or are in no git work tree."""


def write(originals: Mapping[Path, bytes], changes: Mapping[Path, bytes], *, allow_dirty: bool) -> None:
    """Replace files. A symbolic link stays; the file that it leads to is replaced.

    Args:
        originals: What is expected to be in each file.
        changes: The new content of each file.
        allow_dirty: Write also where git could not restore the files.

    Raises:
        DirtyTreeError: Git could not restore a file. Nothing has been written.
        WriteError: A file can't be replaced, or is not what it was. Its ``written`` is empty unless that happened
            between the first replacement and the last.
    """
    reals = {path: Path(os.path.realpath(path)) for path in changes}
    problems = tuple(f"{path}: {problem}" for path in changes if (problem := _problem(reals[path], originals[path])))
    if problems:
        raise WriteError("Nothing was written: not every file can be replaced", problems)
    if not allow_dirty and (dirty := not_restorable(list(reals.values()))):
        raise DirtyTreeError("Nothing was written: git could not restore every file", tuple(dirty))
    replacements: dict[Path, Replacement] = {}
    written: list[Path] = []
    try:
        for path in changes:
            replacements[path] = Replacement(reals[path], changes[path])
        for path, replacement in replacements.items():
            if problem := _problem(reals[path], originals[path]):
                raise WriteError("Not everything was written", (f"{path}: {problem}",), tuple(written))
            replacement.finish()
            written.append(path)
    except OSError as error:
        message = "Not everything was written" if written else "Nothing was written"
        raise WriteError(message, (f"{error.filename}: {error.strerror}",), tuple(written)) from error
    finally:
        for replacement in replacements.values():
            replacement.discard()


def _problem(path: Path, expected: bytes) -> str:
    """Why a file can't be replaced, or an empty text."""
    try:
        mode = path.stat().st_mode
        if path.read_bytes() != expected:
            return "it has changed since it was read"
    except OSError as error:
        return str(error.strerror)
    # As root, access() allows everything.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        return "it is read-only"
    return "" if os.access(path.parent, os.W_OK | os.X_OK) else "its folder is read-only"
