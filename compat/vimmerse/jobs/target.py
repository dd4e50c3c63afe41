"""The file that a download writes. It appears under its final name when it is complete, or not at all.

On Linux the bytes go to a file without a name (``O_TMPFILE``), which gets its name when it is complete and synced to
the disk. If the process ends before that, even by SIGKILL, the system frees the file. Where there are no such files
(other systems, some network file systems), the bytes go to a hidden file beside the target. It is removed whatever
happens, unless the process is killed; its name is random, so a leftover file never conflicts with a later download.
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

# What file systems without hard links report: FAT, some network shares, some phones.
_NO_LINKS = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})

# linkat(2) with AT_SYMLINK_FOLLOW. os.link only follows the link in /proc if it is given a directory, which means
# nothing to an absolute path.
_link_open_file = partial(os.link, src_dir_fd=0, follow_symlinks=True)


class Target:
    """A file that is being written: ``open``, ``write`` and ``publish`` it, and in any case ``discard`` it at the end.

    ``durable``: wait until the bytes are on the disk, not only handed to the system.

    Raises:
        FileExistsError: ``path`` exists, and ``overwrite`` is false.
        IsADirectoryError, FileNotFoundError: it is a directory, or its directory does not exist.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool, durable: bool = True) -> None:
        self.path = Path(os.fsdecode(path)).absolute()
        self._overwrite = overwrite
        self._durable = durable
        self._hidden_path: Path | None = None  # of the hidden file, once there is one
        self._open_file: BinaryIO | None = None
        if self.path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "It is a directory; name the file in it", str(self.path))
        if not overwrite and os.path.lexists(self.path):
            raise FileExistsError(errno.EEXIST, "The file exists already; overwrite=True replaces it", str(self.path))
        if not self.path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "There is no such directory; create it first", str(self.path.parent))

    def open(self) -> None:
        self._open_file = self._open_nameless() or self._open_hidden()

    def _open_nameless(self) -> BinaryIO | None:
        flag: int = getattr(os, "O_TMPFILE", 0)
        if not flag:
            return None
        try:
            descriptor = os.open(self.path.parent, flag | os.O_RDWR | os.O_CLOEXEC, 0o666)
        except OSError:
            return None  # not supported here; if there is another reason, a hidden file fails for it too
        if os.path.exists(_proc_path(descriptor)):
            return os.fdopen(descriptor, "w+b")
        os.close(descriptor)  # it can't be given a name without /proc
        return None

    def _open_hidden(self) -> BinaryIO:
        # Set before the file is created: an interrupt in between leaves nothing behind.
        self._hidden_path = self._random_path()
        return open(self._hidden_path, "xb")

    def _random_path(self) -> Path:
        # A name may have 255 bytes, and a character four.
        return self.path.with_name(f".{self.path.name[:48]}.{secrets.token_hex(8)}.part")

    @property
    def _file(self) -> BinaryIO:
        assert self._open_file is not None  # opened before
        return self._open_file

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def truncate(self) -> None:
        """Remove what was written."""
        self._file.seek(0)
        self._file.truncate()

    def publish(self) -> None:
        """Finish the file and give it its final name. Raises ``FileExistsError`` as the constructor."""
        self._flush()
        if self._hidden_path is not None:
            self._file.close()
            self._rename(self._hidden_path)
        elif not self._link(self.path):
            self._rename(self._link_hidden())
        if not self._durable:
            return
        with contextlib.suppress(OSError):  # not every system can sync a directory
            descriptor = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _flush(self) -> None:
        self._file.flush()
        if self._durable:
            os.fsync(self._file.fileno())

    def _link(self, path: Path) -> bool:
        """Give the nameless file this name; return False if that fails, or if another file is to be replaced."""
        try:
            _link_open_file(_proc_path(self._file.fileno()), path)
        except OSError as error:
            if isinstance(error, FileExistsError) and not self._overwrite:
                raise self._exists_error() from None
            return False
        return True

    def _link_hidden(self) -> Path:
        """Give the nameless file a hidden name, so that it can be renamed."""
        path = self._hidden_path = self._random_path()
        if self._link(path):
            return path
        # A file system that has nameless files but can't link to them.
        source, self._open_file = self._file, self._open_hidden()
        with source, self._file:
            source.seek(0)
            shutil.copyfileobj(source, self._file)
            self._flush()
        return self._hidden_path

    def _rename(self, hidden: Path) -> None:
        if self._overwrite:
            os.replace(hidden, self.path)
            return
        # A rename would silently replace another file; a link does not.
        try:
            os.link(hidden, self.path)
        except OSError as error:
            if os.path.lexists(self.path):
                raise self._exists_error() from None
            if error.errno not in _NO_LINKS:
                raise
            os.rename(hidden, self.path)

    def _exists_error(self) -> FileExistsError:
        return FileExistsError(errno.EEXIST, "Another file has appeared there in the meantime", str(self.path))

    def discard(self) -> None:
        """Remove an incomplete file. Does nothing to a published one."""
        if self._open_file is not None:
            with contextlib.suppress(OSError):  # closing flushes again, which fails again on a full disk
                self._open_file.close()
        if self._hidden_path is not None:
            with contextlib.suppress(OSError):
                self._hidden_path.unlink()


def _proc_path(descriptor: int) -> str:
    """The path under which Linux shows an open file."""
    return f"/proc/self/fd/{descriptor}"
