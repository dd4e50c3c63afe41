"""The local images of a table."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

from vimmerse.batch.tables.fields import Unusable, check_url

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)  # two letters or more: C: is a drive
# Not those of the mimetypes module, which knows others on other machines.
_SUFFIXES = (
    ".avif",
    ".bmp",
    ".gif",
    ".heic",
    ".heif",
    ".jfif",
    ".jpe",
    ".jpeg",
    ".jpg",
    ".png",
    ".tif",
    ".tiff",
    ".webp",
)


class Images:
    """Finds the images that cells name. The hash of a file is computed once, until the file changes."""

    def __init__(self, folder: Path) -> None:
        """``folder``: what relative paths begin at."""
        self._folder = folder
        self._hashes: dict[Path, tuple[tuple[int, int], str]] = {}

    def find(self, text: str) -> tuple[str, str] | None:
        """Return a local file and its SHA-256, or None for a URL. Raises :class:`Unusable` if it can't be uploaded."""
        if text.lower().startswith(("http:", "https:")):
            check_url(text)
            return None
        if _SCHEME.match(text):
            scheme = text.partition(":")[0]
            raise Unusable(f"it must be a URL that begins with http:// or https://, or a file, not {scheme}:")
        path = self._folder / text
        if path.suffix.lower() not in _SUFFIXES:
            found = f"its name ends with {path.suffix}" if path.suffix else "its name has no suffix such as .png"
            raise Unusable(
                f"{_named(text)} is no image: {found}; only images can be uploaded, give a URL of anything else"
            )
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            hint = "; separate several images by | or line breaks" if re.search("[,;]", text) else ""
            raise Unusable(f"there is no file {_named(text)} in {self._folder}{hint}") from None
        except OSError as error:
            raise Unusable(f"{_named(text)} can't be read: {error.strerror}") from None
        if not stat.S_ISREG(status.st_mode):
            raise Unusable(f"{_named(text)} is {'a folder' if path.is_dir() else 'not a file'}")
        if not status.st_size:
            raise Unusable(f"{_named(text)} is empty")
        version = status.st_size, status.st_mtime_ns
        known = self._hashes.get(path)
        if known is None or known[0] != version:
            known = self._hashes[path] = version, _hash(path, text)
        return str(path), known[1]


def _hash(path: Path, text: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unusable(f"{_named(text)} can't be read: {error.strerror}") from None


def _named(text: str) -> str:
    return text if len(text) <= 80 else f"...{text[-76:]}"
