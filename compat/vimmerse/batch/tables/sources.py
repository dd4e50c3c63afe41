"""Files with tables, and what they are."""

from __future__ import annotations

import codecs
import io
import os
import re
import shutil
import sys
import tempfile
import weakref
from pathlib import Path
from typing import IO, BinaryIO, Literal

from vimmerse.batch.errors import Problem, TableError

Format = Literal["csv", "json", "excel"]

_FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".xlsx": "excel",
    ".xlsm": "excel",
}
_WITH_SHEET = re.compile(r"(.+\.xls[xm])#(.+)", re.IGNORECASE | re.DOTALL)
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"


class Source:
    """A file with a table.

    Attributes:
        name: How problems call it.
        folder: Where relative paths of images begin.
        sheet: The sheet of a workbook that is asked for, or empty.
        format: What the file is.
        encoding: Of a text.
    """

    def __init__(self, path: str | os.PathLike[str], encoding: str | None = None) -> None:
        """Open a file once, to see what it is. ``-`` is standard input, which is copied to a temporary file.

        Raises:
            TableError: it can't be read, or is no table.
            LookupError: there is no such encoding.
        """
        if encoding is not None:
            codecs.lookup(encoding)
        text, self.sheet = os.fspath(path), ""
        if text == "-":
            self.name, self.folder = "standard input", Path.cwd()
            if sys.stdin is None:  # it was closed
                raise self.error("it is closed")
            # A program may have replaced it by a text.
            self._save(getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode()))
        elif not text:
            self.name = "the table"
            raise self.error("its name is empty")
        else:
            match = _WITH_SHEET.fullmatch(text)
            if match and not os.path.lexists(text):
                text, self.sheet = match.groups()
            self._path = Path(text)
            self.name, self.folder = self._path.name, self._path.absolute().parent
            if self._path.is_fifo():  # such as <(program) of a shell: it can be read once
                with self.open() as pipe:
                    self._save(pipe)
        head = self._head()
        self.format = self._format(head, text)
        self.encoding = encoding or next((name for bom, name in _BOMS.items() if head.startswith(bom)), "utf-8")

    def open(self) -> BinaryIO:
        """Open it. Raises :class:`TableError`."""
        try:
            return self._path.open("rb")
        except FileNotFoundError:
            raise self.error(f"there is no such file: {self._path}") from None
        except OSError as error:
            raise self.error(f"it can't be read: {error.strerror}") from None

    def error(self, message: str, place: str = "", column: str = "") -> TableError:
        """Return the error for what makes the whole table unusable."""
        return TableError(problems=[Problem(place or self.name, column, message)])

    def place(self, number: int) -> str:
        """Return how problems name a line."""
        return f"{self.name}:{number}"

    def _save(self, stream: IO[bytes]) -> None:
        """Read from a temporary file from now on, which is removed with this object."""
        handle, name = tempfile.mkstemp(prefix="vimmerse-")
        self._path = Path(name)
        weakref.finalize(self, self._path.unlink, missing_ok=True)
        with open(handle, "wb") as file:
            shutil.copyfileobj(stream, file)

    def _head(self) -> bytes:
        if self._path.is_dir():
            raise self.error("it is a folder, not a file")
        if self._path.is_char_device():
            raise self.error("it is a device, not a file")
        with self.open() as file:
            return file.read(4096)

    def _format(self, head: bytes, text: str) -> Format:
        if not head:
            raise self.error("it is empty")
        suffix = "" if text == "-" else Path(text).suffix.lower()
        named = _FORMATS.get(suffix)
        if head.startswith(_OLE):
            what = "it is protected by a password" if named == "excel" else "it is a workbook of an old Excel"
            raise self.error(f"{what}, or not in the format .xlsx; save it as .xlsx without a password")
        if head.startswith(_GZIP):
            raise self.error("it is compressed with gzip; decompress it first")
        if head.startswith(_ZIP):
            if named in ("csv", "json"):
                raise self.error(f"it is a workbook or an archive, not {suffix}; if it is Excel's, name it .xlsx")
            return "excel"
        if named == "excel":
            raise self.error(f"it is not a workbook of Excel, although it is named {suffix}; save it as .xlsx, or .csv")
        if named is not None:
            return named
        for bom in _BOMS:
            head = head.removeprefix(bom)
        return "json" if head.replace(b"\0", b"").lstrip()[:1] in (b"{", b"[") else "csv"
