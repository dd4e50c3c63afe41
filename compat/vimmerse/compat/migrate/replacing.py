"""Replacing a file as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


class Replacement:
    """The new content of a file, next to it until ``finish``. The permissions of the file are kept."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        handle, self._name = tempfile.mkstemp(dir=path.parent, prefix=".vimmerse.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            shutil.copymode(path, self._name)
        except BaseException:
            self.discard()
            raise

    def finish(self) -> None:
        os.replace(self._name, self.path)

    def discard(self) -> None:
        """Remove the new content; nothing happens if it is in place."""
        with suppress(FileNotFoundError):
            os.unlink(self._name)


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of a file."""
    replacement = Replacement(path, content)
    try:
        replacement.finish()
    finally:
        replacement.discard()
