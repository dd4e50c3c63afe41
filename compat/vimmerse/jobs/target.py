"""The file that a download makes: whole under its final name, or not there at all.

On Linux the bytes go to a file without a name (``O_TMPFILE``), which gets its name when it is complete and synced to
the disk. Whatever ends the process before that, SIGTERM and SIGKILL too, the system frees the file: a library can't
catch every signal, and should not try. Where there are no such files (other systems, some network file systems), the
bytes go to a hidden file beside the target. Every way out but the last step removes that one, unless the process is
killed. Its name is random, so what a killed process leaves is in nobody's way.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from functools import partial
from pathlib import Path
from typing import BinaryIO

# What file systems without hard links say: FAT, some network shares, some phones.
_NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})

# linkat(2) with AT_SYMLINK_FOLLOW: os.link follows the link in /proc only if it is given a directory, which means
# nothing to an absolute path.
_link_open_file = partial(os.link, src_dir_fd=0, follow_symlinks=True)


class Target:
    """A file in the making. ``durable``: wait until it is on the disk, not only handed to the system."""

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool, durable: bool = True) -> None:
        """Raises:
        FileExistsError: there is something, and ``overwrite`` is false.
        IsADirectoryError, FileNotFoundError: it is a directory, or has none to be in.
        """
        self.path = Path(os.fsdecode(path)).absolute()
        self._overwrite = overwrite
        self._durable = durable
        self._partial: Path | None = None  # the hidden file, once there is one
        self._file: BinaryIO | None = None
        if self.path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "It is a directory; name the file in it", str(self.path))
        if not overwrite and os.path.lexists(self.path):
            raise FileExistsError(errno.EEXIST, "There is a file already; overwrite=True replaces it", str(self.path))
        if not self.path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "There is no such directory; make it first", str(self.path.parent))

    def open(self) -> None:
        """Begin the file."""
        self._file = self._nameless() or self._hidden()

    def _nameless(self) -> BinaryIO | None:
        flag: int = getattr(os, "O_TMPFILE", 0)
        if not flag:
            return None
        try:
            descriptor = os.open(self.path.parent, flag | os.O_RDWR | os.O_CLOEXEC, 0o666)
        except OSError:
            return None  # not on this file system; any other reason ends the making of a hidden file too
        if os.path.exists(_place(descriptor)):
            return os.fdopen(descriptor, "w+b")
        os.close(descriptor)  # without /proc it can't be named
        return None

    def _hidden(self) -> BinaryIO:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._partial = self._hidden_path()  # noted first: an interrupt in between leaves nothing behind
        return os.fdopen(os.open(self._partial, flags, 0o666), "wb")

    def _hidden_path(self) -> Path:
        # Names are limited to 255 bytes, and a character may have four.
        return self.path.with_name(f".{self.path.name[:48]}.{secrets.token_hex(8)}.part")

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._stream().write(data)

    def restart(self) -> None:
        """Empty it."""
        file = self._stream()
        file.seek(0)
        file.truncate()

    def seal(self) -> None:
        """See to it that all of it is written."""
        file = self._stream()
        self._flush(file)
        if self._partial is not None:
            file.close()

    def publish(self) -> None:
        """Give it its final name.

        Raises:
            FileExistsError: something has taken the name meanwhile, and ``overwrite`` is false.
        """
        if self._partial is not None or not self._link(self.path):
            hidden = self._partial or self._give_hidden_name()
            if self._overwrite:
                os.replace(hidden, self.path)
            else:
                self._take_name(hidden)
        if self._durable:
            _sync_directory(self.path.parent)

    def _give_hidden_name(self) -> Path:
        """Name the file without a name, so that it can replace another."""
        hidden = self._partial = self._hidden_path()
        if not self._link(hidden):
            # A file system that has files without names, but no links to them.
            source, self._file = self._stream(), self._hidden()
            with source, self._file:
                source.seek(0)
                shutil.copyfileobj(source, self._file)
                self._flush(self._file)
        assert self._partial is not None
        return self._partial

    def _link(self, name: Path) -> bool:
        """Give the file without a name this one; false if that can't be done, or another file is to be replaced."""
        try:
            _link_open_file(_place(self._stream().fileno()), name)
        except FileExistsError:
            if not self._overwrite:
                raise self._taken() from None
            return False
        except OSError:
            return False
        return True

    def _take_name(self, hidden: Path) -> None:
        # A rename would replace silently; a link does not.
        try:
            os.link(hidden, self.path)
        except OSError as error:
            if os.path.lexists(self.path):
                raise self._taken() from None
            if error.errno not in _NO_LINKS:
                raise
            os.rename(hidden, self.path)

    def _taken(self) -> FileExistsError:
        return FileExistsError(errno.EEXIST, "A file has appeared there meanwhile", str(self.path))

    def discard(self) -> None:
        """Remove what is not complete; does nothing to the file once it has its final name."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk shows itself again when the buffer is flushed
                self._file.close()
        if self._partial is not None:
            with contextlib.suppress(OSError):
                self._partial.unlink()

    def _flush(self, file: BinaryIO) -> None:
        file.flush()
        if self._durable:
            os.fsync(file.fileno())

    def _stream(self) -> BinaryIO:
        assert self._file is not None  # opened before
        return self._file


def _place(descriptor: int) -> str:
    """Where Linux shows an open file."""
    return f"/proc/self/fd/{descriptor}"


def _sync_directory(directory: Path) -> None:
    """Make the new name itself durable, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
