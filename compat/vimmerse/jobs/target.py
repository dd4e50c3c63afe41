"""The file that a download makes: whole under its final name, or not there at all.

The bytes go to a hidden file beside it, which is synced to the disk and then renamed. Every way out but the last step
removes that file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import BinaryIO

# What file systems without hard links say: FAT, some network shares, some phones.
_NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


class Target:
    """A file in the making."""

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool) -> None:
        """Raises:
        FileExistsError: there is something, and ``overwrite`` is false.
        IsADirectoryError, FileNotFoundError: it is a directory, or has none to be in.
        """
        self.path = Path(os.fsdecode(path)).absolute()
        self._overwrite = overwrite
        self._partial: Path | None = None
        self._file: BinaryIO | None = None
        if self.path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "It is a directory; name the file in it", str(self.path))
        if not overwrite and os.path.lexists(self.path):
            raise FileExistsError(errno.EEXIST, "There is a file already; overwrite=True replaces it", str(self.path))
        if not self.path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "There is no such directory; make it first", str(self.path.parent))

    def open(self) -> None:
        """Begin the hidden file."""
        # Names are limited to 255 bytes, and a character may have four.
        name = f".{self.path.name[:48]}.{secrets.token_hex(8)}.part"
        partial = self.path.with_name(name)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._partial = partial  # noted first: an interrupt in between leaves nothing behind
        self._file = os.fdopen(os.open(partial, flags, 0o666), "wb")

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._stream().write(data)

    def restart(self) -> None:
        """Empty it."""
        file = self._stream()
        file.seek(0)
        file.truncate()

    def seal(self) -> None:
        """See to it that all of it is on the disk."""
        file = self._stream()
        file.flush()
        os.fsync(file.fileno())
        file.close()

    def publish(self) -> None:
        """Give it its final name.

        Raises:
            FileExistsError: something has taken the name meanwhile, and ``overwrite`` is false.
        """
        partial = self._partial
        assert partial is not None  # opened before
        if self._overwrite:
            os.replace(partial, self.path)
        else:
            self._take_name(partial)
        _sync_directory(self.path.parent)

    def _take_name(self, partial: Path) -> None:
        # A rename would replace silently; a link does not.
        try:
            os.link(partial, self.path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if os.path.lexists(self.path):
                taken = FileExistsError(errno.EEXIST, "A file has appeared there meanwhile", str(self.path))
                raise taken from None
            os.rename(partial, self.path)

    def discard(self) -> None:
        """Remove the hidden file; does nothing once it has its final name."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk shows itself again when the buffer is flushed
                self._file.close()
        if self._partial is not None:
            with contextlib.suppress(OSError):
                self._partial.unlink()

    def _stream(self) -> BinaryIO:
        assert self._file is not None  # opened before
        return self._file


def _sync_directory(directory: Path) -> None:
    """Make the new name itself durable, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
