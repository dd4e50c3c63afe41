"""Reading v1's bodies: forms, multipart forms and JSON objects become :class:`Fields`.

Laws:

* Reading is pure: bytes in, fields out. A file part keeps the place where its bytes are, not a copy of them
  where the body is stored (:meth:`StoredBody.part`).
* A body that can't be read is no error of the caller's here: :class:`UnreadableBody` says why, and the
  conversation passes the call to v1, which answers in its own words.
* Every count and size has a limit (:class:`Limits`), so a hostile body costs bounded memory and time.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, ItemsView, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import unquote_to_bytes

from vimmerse.compat.core.messages import Body, Pairs, UploadPart

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

Value = Any  # text, a JSON value, or an UploadPart: whatever the caller sent

CHUNK = 64 * 1024
_PARAMETERS = 32  # of one header: parsers take time that grows with the square of their number
# The charsets that a part may name: decoded in C, in linear time. The codecs of Python are not all of that kind
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


class Limits(NamedTuple):
    """What one v1 body may hold. Sizes in bytes. File parts count to no limit but the body's own.

    ``field_size`` is for one field of text, and for a body that is no multipart form; ``fields_size`` for all the
    text of a multipart form, which is held in memory.
    """

    fields: int = 1000
    values: int = 500_000  # of one JSON text, all levels together; the shortest takes some 100 bytes of memory
    field_size: int = 32 * 1024 * 1024
    fields_size: int = 64 * 1024 * 1024
    part_headers: int = 16
    header_size: int = 8 * 1024


#: Those of a policy that names none.
LIMITS = Limits()


class UnreadableBody(Exception):
    """The body is no form or JSON object that v1 documents; the text says why."""


class Fields(Mapping[str, Value]):
    """The fields of a body, by name; a repeated name gives its last value, as v1's server takes it.

    An empty form value counts as not given where :meth:`given` is asked, since v1's server can't tell
    the two apart; so does a JSON null.
    """

    __slots__ = ("_all", "kind")

    def __init__(
        self,
        values: dict[str, list[Value]] | None = None,
        kind: Literal["none", "form", "multipart", "json"] = "none",
    ) -> None:
        self._all = values if values is not None else {}  # no copy: whoever reads a body makes a dict for it
        self.kind: Literal["none", "form", "multipart", "json"] = kind

    def __getitem__(self, name: str) -> Value:
        return self._all[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def get(self, name: str, default: Any = None) -> Value:
        """As of any mapping; that of ``Mapping`` raises and catches an error for each field that is not there."""
        found = self._all.get(name)
        return default if found is None else found[-1]

    def items(self) -> ItemsView[str, Value]:
        """As of any mapping."""
        return {name: values[-1] for name, values in self._all.items()}.items()

    def is_set(self, name: str) -> bool:
        """Whether the caller said anything: present, and neither empty text nor null."""
        found = self._all.get(name)
        return found is not None and found[-1] is not None and found[-1] != ""

    def without(self, names: Collection[str]) -> Fields:
        """The same fields but for these."""
        return Fields({name: values for name, values in self._all.items() if name not in names}, self.kind)

    def getlist(self, name: str) -> list[Value]:
        """All values of a repeated field, empty ones left out; a JSON array of texts, as text too, is its items."""
        found: list[Value] = []
        for value in self._all.get(name, ()):
            if isinstance(value, list):
                found.extend(value)
            elif isinstance(value, str) and value.startswith('["'):
                found.extend(_texts(value))
            else:
                found.append(value)
        return [value for value in found if value is not None and value != ""]


def _texts(text: str) -> list[Value]:
    """The items of a JSON array of texts; what is none stays as it is."""
    try:
        items = parse_json(text)
    except UnreadableBody:
        return [text]
    return items if isinstance(items, list) and all(isinstance(item, str) for item in items) else [text]


def content_type(headers: Pairs) -> tuple[str, dict[str, str]]:
    """The media type in lower case and its parameters; none where they can't be read."""
    for name, value in headers:
        if name.lower() == "content-type":
            if ";" not in value:
                return value.strip().lower(), {}
            try:
                kind, options = _options(value)
            except UnreadableBody:
                return value.partition(";")[0].strip().lower(), {}
            return kind.strip().lower(), {key.lower(): text.decode("latin-1") for key, text in options.items()}
    return "", {}


def _options(value: str) -> tuple[str, dict[str, bytes]]:
    """A header's value and its parameters. Raises :class:`UnreadableBody`."""
    # Loaded on first use: most calls carry a plain type.
    from python_multipart.multipart import parse_options_header

    if value.count(";") > _PARAMETERS:
        raise UnreadableBody(f"one of its headers has more than {_PARAMETERS} parameters")
    try:
        kind, options = parse_options_header(value)
    except (ValueError, TypeError, AssertionError):  # email's parser, which older versions use, on broken RFC 2231
        raise UnreadableBody("one of its headers can't be read") from None
    return kind.decode("latin-1"), {key.decode("latin-1"): text for key, text in options.items()}


def whole(body: Body) -> bytes:
    """A body as bytes. For fields only: a file part is never read whole."""
    return body if isinstance(body, bytes) else b"".join(body.chunks())


def size(body: Body) -> int:
    """A body's length in bytes."""
    return len(body) if isinstance(body, bytes) else body.size


def read(headers: Pairs, body: Body, limits: Limits = LIMITS) -> Fields:
    """The fields of a v1 body.

    Raises :class:`UnreadableBody`.
    """
    length = size(body)
    if length == 0:
        return Fields()
    for name, value in headers:
        if name.lower() == "content-encoding" and value.strip().lower() not in ("", "identity"):
            raise UnreadableBody(f"its content encoding is {value!r}")
    kind, options = content_type(headers)
    if kind == "multipart/form-data":
        return _read_multipart(body, options.get("boundary", ""), limits)
    if length > limits.field_size:
        raise UnreadableBody(f"the body has {length} bytes; the limit is {limits.field_size}")
    content = whole(body)
    if kind == "application/x-www-form-urlencoded":
        return _read_form(content, limits)
    # v1's server reads a body without a type as JSON where the route takes JSON; a form must say so.
    if kind == "application/json" or kind.endswith("+json") or (not kind and content.lstrip()[:1] == b"{"):
        return _read_json(content, limits)
    raise UnreadableBody(f"its content type is {kind!r}" if kind else "it has no content type")


def _read_form(content: bytes, limits: Limits) -> Fields:
    # urllib.parse.parse_qsl with blank values kept, at a third of its cost: a form is read on every call.
    if content.count(b"&") >= limits.fields:  # before there is an object for each
        raise UnreadableBody(f"it has more than {limits.fields} fields")
    values: dict[str, list[Value]] = {}
    if len(content) > CHUNK:
        _read_long_form(content, values)
        return Fields(values, "form")
    for pair in content.replace(b"+", b" ").decode("utf-8", "replace").split("&"):
        if pair:
            name, _, value = pair.partition("=")
            if "%" in name:
                name = _unquoted(name.encode())
            if "%" in value:
                value = _unquoted(value.encode())
            values.setdefault(name, []).append(value)
    return Fields(values, "form")


def _read_long_form(content: bytes, values: dict[str, list[Value]]) -> None:
    # One text may be nearly all of the body: no copy of it lives longer than needed.
    pairs = content.replace(b"+", b" ").split(b"&")
    for index, pair in enumerate(pairs):
        if pair:
            name, _, value = pair.partition(b"=")
            pairs[index] = pair = b""
            values.setdefault(_unquoted(name), []).append(_unquoted(value))


def _unquoted(raw: bytes) -> str:
    if b"%" not in raw:
        return raw.decode("utf-8", "replace")
    if len(raw) <= CHUNK:
        return unquote_to_bytes(raw).decode("utf-8", "replace")
    # urllib takes eighty times the memory of what it unquotes.
    found = bytearray()
    start = 0
    while start < len(raw):
        end = start + CHUNK
        escape = raw.rfind(b"%", end - 2, end)
        if escape >= 0 and end < len(raw):
            end = escape  # it goes on in the next piece
        found += unquote_to_bytes(raw[start:end])
        start = end
    return found.decode("utf-8", "replace")


def _read_json(content: bytes, limits: Limits) -> Fields:
    value = parse_json(content, limits)
    if not isinstance(value, dict):
        raise UnreadableBody("it is JSON, but no object")
    return Fields({name: [item] for name, item in value.items()}, "json")


def parse_json(content: bytes | str, limits: Limits = LIMITS) -> Any:
    """A JSON text's value. Raises :class:`UnreadableBody`, also for NaN and for nesting too deep to read."""
    # Commas in texts count too: there is no need to be exact.
    marks = map(content.count, ",[{") if isinstance(content, str) else map(content.count, (b",", b"[", b"{"))
    if sum(marks) > limits.values:
        raise UnreadableBody(f"its JSON has more than {limits.values} values, or is nested too deeply")
    try:
        return json.loads(content, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError:
        raise UnreadableBody("its JSON is nested too deeply") from None
    except ValueError as error:  # includes JSONDecodeError and UnicodeDecodeError
        raise UnreadableBody(f"its JSON can't be read ({error})") from None


def repeats_names(content: bytes) -> bool:
    """Whether an object of this JSON text, which can be read, has a name twice: readers differ on which counts."""
    found = False

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal found
        found = found or len({name for name, _ in pairs}) < len(pairs)

    json.loads(content, object_pairs_hook=look)
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _read_multipart(body: Body, boundary: str, limits: Limits) -> Fields:
    if not boundary:
        raise UnreadableBody("its content type names no boundary")
    early: EarlyReader | None = getattr(body, "reader", None)
    reader = early.found(boundary, limits) if early is not None else None
    if reader is None:
        reader = _MultipartReader(boundary, limits)
        for piece in [body] if isinstance(body, bytes) else body.chunks():
            reader.feed(piece)
    return Fields(reader.fields(body), "multipart")


class EarlyReader:
    """Reads a multipart form while it comes in and is stored, so that :func:`read` need not go through it again.

    The stored body bears it as its attribute ``reader``. While it waits for the rest it keeps no more than ``most``
    bytes of text and headers, and one piece's: a form with more of them is left to :func:`read`.
    """

    def __init__(self, headers: Pairs, limits: Limits, most: int) -> None:
        kind, options = content_type(headers)
        self._boundary = options.get("boundary", "") if kind == "multipart/form-data" else ""
        self._limits = limits
        self._most = most
        self._reading = bool(self._boundary)
        self._reader: _MultipartReader | None = None
        self._error: UnreadableBody | None = None

    def feed(self, piece: bytes) -> None:
        """Take the body's next piece. Raises nothing: that a form can't be read is for :func:`read` to say."""
        if not self._reading:
            return
        try:
            if self._reader is None:
                self._reader = _MultipartReader(self._boundary, self._limits)
            self._reader.feed(piece)
        except UnreadableBody as error:
            self._reader, self._error, self._reading = None, error, False
        else:
            if self._reader.kept > self._most:
                self._reader, self._reading = None, False

    def found(self, boundary: str, limits: Limits) -> _MultipartReader | None:
        """What has read the whole body in just this way, if anything has. Raises :class:`UnreadableBody`."""
        if (boundary, limits) != (self._boundary, self._limits):
            return None
        if self._error is not None:
            raise self._error
        return self._reader


class _File(NamedTuple):
    """A file of a form: its bytes, or where in the body they are, as offset and length."""

    name: str
    filename: str
    content_type: str
    content: bytes | tuple[int, int]

    def of(self, body: Body) -> UploadPart:
        content: Body
        if isinstance(self.content, bytes):
            content = self.content
        else:
            start, length = self.content
            content = body[start : start + length] if isinstance(body, bytes) else body.part(start, length)
        return UploadPart(self.name, self.filename, self.content_type, content)


@contextmanager
def _parsing() -> Iterator[None]:
    from python_multipart.exceptions import FormParserError

    try:
        yield
    except FormParserError as error:
        raise UnreadableBody(f"its multipart form is broken ({error})") from None


class _MultipartReader:
    """Takes a body piece by piece, and then knows its fields."""

    def __init__(self, boundary: str, limits: Limits) -> None:
        from python_multipart.multipart import MultipartParser

        self._parts = _Parts(limits)
        with _parsing():
            self._parser = MultipartParser(boundary.encode("latin-1"), self._parts.callbacks())

    @property
    def kept(self) -> int:
        """Bytes of text and headers that are in memory."""
        return self._parts.kept

    def feed(self, piece: bytes) -> None:
        """Walk over the next piece. Raises :class:`UnreadableBody`."""
        with self._parts.walking(piece), _parsing():
            self._parser.write(piece)

    def fields(self, body: Body) -> dict[str, list[Value]]:
        """What was found, once all of ``body`` was walked over. Raises :class:`UnreadableBody`."""
        with _parsing():
            self._parser.finalize()
        return self._parts.fields(body)


class _Parts:
    """Notes where each part lies while python-multipart walks over the body."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._values: dict[str, list[str | _File]] = {}
        self._count = 0
        self._text = 0
        self.kept = 0
        self._base = 0  # offset of the piece being walked over
        self._piece = b""
        self._name = b""
        self._header = b""
        self._headers: dict[str, str] = {}
        self._complete = False
        self._start_part()

    def callbacks(self) -> MultipartCallbacks:
        """What the parser calls."""
        return {
            "on_part_begin": self._start_part,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    @contextmanager
    def walking(self, piece: bytes) -> Iterator[None]:
        """What is called in the block is about this piece, which follows on the last one."""
        self._piece = piece
        yield
        self._base += len(piece)
        self._piece = b""

    def fields(self, body: Body) -> dict[str, list[Value]]:
        """What was found; files are parts of ``body``. Raises :class:`UnreadableBody`."""
        if not self._complete:
            raise UnreadableBody("its multipart form has no end: the last boundary is missing")
        return {
            name: [value if isinstance(value, str) else value.of(body) for value in values]
            for name, values in self._values.items()
        }

    def _start_part(self) -> None:
        self._headers = {}
        self._name = self._header = b""
        self._pieces: list[bytes] = []
        self._kept = 0
        self._length = 0
        self._start = -1
        self._field: str | None = None
        self._filename: str | None = None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._check_header(self._name)

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._check_header(self._header)

    def _check_header(self, text: bytes) -> None:
        if len(text) > self._limits.header_size or len(self._headers) >= self._limits.part_headers:
            raise UnreadableBody("a part of its multipart form has headers over the limit")

    def _on_header_end(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._header.decode("latin-1")
        self.kept += len(self._name) + len(self._header)
        self._name = self._header = b""

    def _on_headers_finished(self) -> None:
        self._count += 1
        if self._count > self._limits.fields:
            raise UnreadableBody(f"it has more than {self._limits.fields} fields")
        disposition = self._headers.get("content-disposition", "")
        kind, options = _options(disposition)
        if kind != "form-data" or "name" not in options:
            raise UnreadableBody("a part of its multipart form has no name")
        if "content-transfer-encoding" in self._headers and self._headers["content-transfer-encoding"].lower() not in (
            "binary",
            "8bit",
            "7bit",
        ):
            raise UnreadableBody("a part of its multipart form has a content-transfer-encoding")
        self._field = options["name"].decode("utf-8", "replace")
        if "filename*" in disposition.lower() and not _PLAIN_NAME.search(disposition):
            # RFC 7578 forbids it, old clients send it: a file all the same. What python-multipart makes of it
            # depends on its version.
            self._filename = "upload"
        elif "filename" in options:
            self._filename = options["filename"].decode("utf-8", "replace")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        length = end - start
        if data is self._piece and self._start < 0:
            self._start = self._base + start - self._length
        if self._filename is None or self._start < 0:
            # A field's text; or a file's first bytes, held back by the parser because they looked like a
            # boundary, whose place in the body only the next piece will tell.
            if self._kept + length > self._limits.field_size:
                raise UnreadableBody(f"its field {self._field!r} is over {self._limits.field_size} bytes")
            self._pieces.append(data[start:end])
            self._kept += length
            self._text += length
            self.kept += length
            if self._text > self._limits.fields_size:
                raise UnreadableBody(f"the text of its fields is over {self._limits.fields_size} bytes")
        self._length += length

    def _on_part_end(self) -> None:
        assert self._field is not None
        values = self._values.setdefault(self._field, [])
        if self._filename is None:
            charset = content_type((("content-type", self._headers.get("content-type", "")),))[1].get("charset", "")
            values.append(_decode(b"".join(self._pieces), charset))
            return
        values.append(
            _File(
                self._field,
                self._filename,
                self._headers.get("content-type", "application/octet-stream"),
                b"".join(self._pieces) if self._start < 0 else (self._start, self._length),
            )
        )

    def _on_end(self) -> None:
        self._complete = True


def _decode(content: bytes, charset: str) -> str:
    """A field's text. Raises :class:`UnreadableBody` where only a charset that is not known here could tell."""
    known = _CHARSETS.get(charset.strip().lower().replace("_", "-"))
    if known is not None:
        return content.decode(known, "replace")
    try:
        return content.decode("utf-8")  # v1's server does not look at a part's charset
    except UnicodeDecodeError:
        raise UnreadableBody(f"a part of its multipart form is in the charset {charset[:40]!r}") from None
