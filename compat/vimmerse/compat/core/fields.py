"""The fields of a v1 body, the limits on its size, and the parsers that several readers share."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from vimmerse.compat.core.messages import Pairs

Value = Any  # text, a JSON value, or an UploadPart: whatever the caller sent
FieldsKind = Literal["none", "form", "multipart", "json"]

_MAX_PARAMETERS = 32  # of one header: the time that parsers take grows with the square of their number


class Limits(NamedTuple):
    """What one v1 body may contain. A body that exceeds a limit is forwarded to v1 unchanged.

    Sizes are in bytes. The size of files is not limited here: they are streamed.

    ``fields``: fields and files of a form.
    ``values``: values of one JSON text, at all levels together.
    ``field_size``: one text field, or a body that is not a multipart form.
    ``fields_size``: all text of a multipart form, which is held in memory.
    ``part_headers``: headers of one part of a multipart form.
    ``header_size``: one of these headers.
    """

    fields: int = 1000
    values: int = 500_000  # of one JSON text, all levels together; the shortest takes some 100 bytes of memory
    field_size: int = 32 * 1024 * 1024
    fields_size: int = 64 * 1024 * 1024
    part_headers: int = 16
    header_size: int = 8 * 1024


#: The limits of a policy that names none.
LIMITS = Limits()


class UnreadableBody(Exception):
    """The body is not a form or JSON object that v1 documents; the text says why.

    This is not an error of the caller's: the flow forwards the call to v1, which returns its own validation error.
    """


class Fields(Mapping[str, Value]):
    """The fields of a body by name. A repeated name has its last value, as v1's server takes it."""

    __slots__ = ("_values", "kind")

    def __init__(self, values: dict[str, list[Value]] | None = None, kind: FieldsKind = "none") -> None:
        self._values = values if values is not None else {}
        self.kind: FieldsKind = kind

    def __getitem__(self, name: str) -> Value:
        return self._values[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: Any = None) -> Value:
        """Return a field's value. ``Mapping.get`` raises and catches an error for each field that is not there."""
        values = self._values.get(name)
        return default if values is None else values[-1]

    def is_set(self, name: str) -> bool:
        """Whether a field is present, and neither empty text nor null, which v1's server treats as absent."""
        return self.get(name) not in (None, "")

    def without(self, names: Collection[str]) -> Fields:
        """Return the same fields but for these."""
        return Fields({name: values for name, values in self._values.items() if name not in names}, self.kind)

    def getlist(self, name: str) -> list[Value]:
        """Return all values of a repeated field but empty ones. A JSON array is split, also as text."""
        found: list[Value] = []
        for value in self._values.get(name, ()):
            if isinstance(value, list):
                found.extend(value)
            elif isinstance(value, str) and value.startswith('["'):
                found.extend(_parse_texts(value))
            else:
                found.append(value)
        return [value for value in found if value is not None and value != ""]


def _parse_texts(text: str) -> list[Value]:
    try:
        items = parse_json(text)
    except UnreadableBody:
        return [text]
    return items if isinstance(items, list) and all(isinstance(item, str) for item in items) else [text]


def parse_content_type(headers: Pairs) -> tuple[str, dict[str, str]]:
    """Return the media type in lower case and its parameters, or no parameters where they can't be read."""
    for name, value in headers:
        if name.lower() == "content-type":
            if ";" not in value:
                return value.strip().lower(), {}
            try:
                kind, options = parse_header_options(value)
            except UnreadableBody:
                return value.partition(";")[0].strip().lower(), {}
            return kind.strip().lower(), {key.lower(): text.decode("latin-1") for key, text in options.items()}
    return "", {}


def parse_header_options(value: str) -> tuple[str, dict[str, bytes]]:
    """Return a header's value and its parameters. Raises :class:`UnreadableBody`."""
    # Loaded on first use: most calls carry a plain type.
    from python_multipart.multipart import parse_options_header

    if value.count(";") > _MAX_PARAMETERS:
        raise UnreadableBody(f"one of its headers has more than {_MAX_PARAMETERS} parameters")
    try:
        kind, options = parse_options_header(value)
    except (ValueError, TypeError, AssertionError):  # email's parser, which older versions use, on broken RFC 2231
        raise UnreadableBody("one of its headers can't be read") from None
    return kind.decode("latin-1"), {key.decode("latin-1"): text for key, text in options.items()}


def parse_json(content: bytes | str, limits: Limits = LIMITS) -> Any:
    """Return a JSON text's value. Raises :class:`UnreadableBody`, also for NaN and for nesting too deep to read."""
    # Commas in texts count too: the limit need not be exact.
    marks = map(content.count, ",[{") if isinstance(content, str) else map(content.count, (b",", b"[", b"{"))
    if sum(marks) > limits.values:
        raise UnreadableBody(f"its JSON has more than {limits.values} values, or is nested too deeply")
    try:
        return json.loads(content, parse_constant=_reject_constant, parse_float=_finite)
    except RecursionError:
        raise UnreadableBody("its JSON is nested too deeply") from None
    except ValueError as error:  # includes JSONDecodeError and UnicodeDecodeError
        raise UnreadableBody(f"its JSON can't be read ({error})") from None


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _reject_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
