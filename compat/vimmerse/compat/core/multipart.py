"""Reads multipart forms without copying their files: a file part is a place in the stored body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from vimmerse.compat.core.fields import (
    Fields,
    Limits,
    UnreadableBody,
    Value,
    parse_content_type,
    parse_header_options,
)
from vimmerse.compat.core.messages import Body, Pairs, UploadPart

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

# The charsets that a part may name, all decoded in C in linear time. Python's codecs are not all of that kind
# (punycode, idna), and looking up a caller's own word would leave it in a cache of the process.
_CHARSETS: Mapping[str, str] = {
    "": "utf-8",
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "l1"), "latin-1"),
    **dict.fromkeys(("iso-8859-15", "iso8859-15", "latin-9", "latin9"), "iso-8859-15"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf16"), "utf-16"),
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_PLAIN_NAME = re.compile(r"filename\s*=", re.IGNORECASE)


def parse(body: Body, boundary: str, limits: Limits) -> Fields:
    """Return the fields of a multipart form; files are parts of ``body``. Raises :class:`UnreadableBody`."""
    if not boundary:
        raise UnreadableBody("its content type names no boundary")
    early: EarlyReader | None = getattr(body, "reader", None)
    reader = early.result(boundary, limits) if early is not None else None
    if reader is None:
        reader = _Reader(boundary, limits)
        for piece in [body] if isinstance(body, bytes) else body.chunks():
            reader.feed(piece)
    return Fields(reader.fields(body), "multipart")


class EarlyReader:
    """Parses a multipart form while it is received and stored, so that it need not be read again.

    The stored body has it as its attribute ``reader``. It keeps at most ``limit`` bytes of text and headers, and one
    piece, in memory: a form with more of them is parsed by :func:`parse` from the stored body.
    """

    def __init__(self, headers: Pairs, limits: Limits, limit: int) -> None:
        kind, options = parse_content_type(headers)
        self._boundary = options.get("boundary", "") if kind == "multipart/form-data" else ""
        self._limits = limits
        self._limit = limit
        self._active = bool(self._boundary)
        self._reader: _Reader | None = None
        self._error: UnreadableBody | None = None

    def feed(self, piece: bytes) -> None:
        """Parse the next piece. Raises nothing: :meth:`result` does, where the form can't be read."""
        if not self._active:
            return
        try:
            if self._reader is None:
                self._reader = _Reader(self._boundary, self._limits)
            self._reader.feed(piece)
        except UnreadableBody as error:
            self._reader, self._error, self._active = None, error, False
        else:
            if self._reader.memory > self._limit:
                self._reader, self._active = None, False

    @property
    def gave_up(self) -> bool:
        """Whether the body is parsed from where it is stored: it is no such form, or has too much text."""
        return not self._active and self._error is None

    def result(self, boundary: str, limits: Limits) -> _Reader | None:
        """Return the parser if it has parsed the entire body in this way. Raises :class:`UnreadableBody`."""
        if (boundary, limits) != (self._boundary, self._limits):
            return None
        if self._error is not None:
            raise self._error
        return self._reader


class _File(NamedTuple):
    """A file of a form: its bytes, or the offset and length of its place in the body."""

    name: str
    filename: str
    content_type: str
    content: bytes | tuple[int, int]

    def part_of(self, body: Body) -> UploadPart:
        content: Body
        if isinstance(self.content, bytes):
            content = self.content
        else:
            start, length = self.content
            content = body[start : start + length] if isinstance(body, bytes) else body.part(start, length)
        return UploadPart(self.name, self.filename, self.content_type, content)


@contextmanager
def _translating_errors() -> Iterator[None]:
    from python_multipart.exceptions import FormParserError

    try:
        yield
    except FormParserError as error:
        raise UnreadableBody(f"its multipart form is broken ({error})") from None


class _Reader:
    """Takes a body piece by piece, and notes where each of its parts is while python-multipart parses it."""

    def __init__(self, boundary: str, limits: Limits) -> None:
        from python_multipart.multipart import MultipartParser

        self.memory = 0  # bytes of text and headers that are kept
        self._limits = limits
        self._values: dict[str, list[str | _File]] = {}
        self._part_count = 0
        self._text_size = 0
        self._offset = 0  # of the current piece in the body
        self._piece = b""
        self._complete = False
        self._on_part_begin()
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._on_part_begin,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }
        with _translating_errors():
            self._parser = MultipartParser(boundary.encode("latin-1"), callbacks)

    def feed(self, piece: bytes) -> None:
        """Parse the next piece. Raises :class:`UnreadableBody`."""
        self._piece = piece
        with _translating_errors():
            self._parser.write(piece)
        self._offset += len(piece)
        self._piece = b""

    def fields(self, body: Body) -> dict[str, list[Value]]:
        """Return the fields once all of ``body`` was parsed. Raises :class:`UnreadableBody`."""
        with _translating_errors():
            self._parser.finalize()
        if not self._complete:
            raise UnreadableBody("its multipart form has no end: the last boundary is missing")
        return {
            name: [value if isinstance(value, str) else value.part_of(body) for value in values]
            for name, values in self._values.items()
        }

    def _on_part_begin(self) -> None:
        self._headers: dict[str, str] = {}
        self._header_name = self._header_value = b""
        self._pieces: list[bytes] = []
        self._kept = 0
        self._length = 0
        self._start = -1
        self._field: str | None = None
        self._filename: str | None = None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]
        self._check_header(self._header_name)

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]
        self._check_header(self._header_value)

    def _check_header(self, text: bytes) -> None:
        if len(text) > self._limits.header_size or len(self._headers) >= self._limits.part_headers:
            raise UnreadableBody("a part of its multipart form has headers over the limit")

    def _on_header_end(self) -> None:
        self._headers[self._header_name.decode("latin-1").lower()] = self._header_value.decode("latin-1")
        self.memory += len(self._header_name) + len(self._header_value)
        self._header_name = self._header_value = b""

    def _on_headers_finished(self) -> None:
        self._part_count += 1
        if self._part_count > self._limits.fields:
            raise UnreadableBody(f"it has more than {self._limits.fields} fields")
        disposition = self._headers.get("content-disposition", "")
        kind, options = parse_header_options(disposition)
        if kind != "form-data" or "name" not in options:
            raise UnreadableBody("a part of its multipart form has no name")
        if self._headers.get("content-transfer-encoding", "binary").lower() not in ("binary", "8bit", "7bit"):
            raise UnreadableBody("a part of its multipart form has a content-transfer-encoding")
        self._field = options["name"].decode("utf-8", "replace")
        if "filename*" in disposition.lower() and not _PLAIN_NAME.search(disposition):
            # RFC 7578 forbids it, but old clients send it: still a file. What python-multipart makes of the name
            # depends on its version.
            self._filename = "upload"
        elif "filename" in options:
            self._filename = options["filename"].decode("utf-8", "replace")

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        length = end - start
        if data is self._piece and self._start < 0:
            self._start = self._offset + start - self._length
        if self._filename is None or self._start < 0:
            # The text of a field. Or a file's first bytes, which the parser held back since they looked like a
            # boundary: only the next piece tells their place in the body.
            if self._kept + length > self._limits.field_size:
                raise UnreadableBody(f"its field {self._field!r} is over {self._limits.field_size} bytes")
            self._pieces.append(data[start:end])
            self._kept += length
            self._text_size += length
            self.memory += length
            if self._text_size > self._limits.fields_size:
                raise UnreadableBody(f"the text of its fields is over {self._limits.fields_size} bytes")
        self._length += length

    def _on_part_end(self) -> None:
        assert self._field is not None
        content_type = self._headers.get("content-type", "")
        content = b"".join(self._pieces)
        values = self._values.setdefault(self._field, [])
        if self._filename is None:
            charset = parse_content_type([("content-type", content_type)])[1].get("charset", "")
            values.append(_decode(content, charset))
            return
        place = content if self._start < 0 else (self._start, self._length)
        values.append(_File(self._field, self._filename, content_type or "application/octet-stream", place))

    def _on_end(self) -> None:
        self._complete = True


def _decode(content: bytes, charset: str) -> str:
    """Return a field's text. Raises :class:`UnreadableBody` if it depends on a charset that is not known here."""
    known = _CHARSETS.get(charset.strip().lower().replace("_", "-"))
    if known is not None:
        return content.decode(known, "replace")
    try:
        return content.decode("utf-8")  # v1's server does not look at a part's charset
    except UnicodeDecodeError:
        raise UnreadableBody(f"a part of its multipart form is in the charset {charset[:40]!r}") from None
