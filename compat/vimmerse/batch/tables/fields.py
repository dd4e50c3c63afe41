"""The fields of v2's requests, and the conversion of cells to their types.

What the specification says about a field is what a cell has to be. The names of tools, voices and the like are open:
an unknown one is sent, with a remark if it looks misspelled.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NoReturn

from vimmerse.v2 import openapi

# What the descriptions of the specification require in requests: these schemas serve responses too.
REQUIRED_INSIDE = {"Element": ("name", "description"), "MediaItem": ("type", "url")}

_YES = ("true", "yes", "y", "on", "1", 1)
_NO = ("false", "no", "n", "off", "0", 0)
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.0*)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{1,2})(:00)?")  # a ratio that a spreadsheet took for a time
_EXCEL_ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_MAX_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
_MAX_LEVELS = 100  # of JSON
_MAX_COMPARED = 60

Problems = Callable[[str, str], None]  # gets the field's path, and a message


class Unusable(Exception):
    """A value can't be converted; the text says why."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a request.

    Attributes:
        type: As in JSON Schema: ``string``, ``integer``, ``boolean``, ``array`` or ``object``.
        names: The known values of an open enum.
        limits: The smallest and the largest number, and what it is a multiple of.
        properties: The fields of an object.
        required: Those of them that may not be missing.
        items: What an array holds.
        is_image: Whether it is the URL of an image, which may be a local file.
        is_ratio: Whether it is an aspect ratio.
    """

    type: str
    names: tuple[str, ...] = ()
    limits: tuple[int | None, int | None, int | None] = (None, None, None)
    properties: Mapping[str, Field] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    items: Field | None = None
    is_image: bool = False
    is_ratio: bool = False


@cache
def request(model: str) -> Field:
    """Return the body of a call as a field, by the name of its model."""
    return _field(openapi()["components"]["schemas"], {"$ref": f"/{model}"}, "")


def _field(schemas: Mapping[str, Any], schema: Mapping[str, Any], name: str, owner: str = "") -> Field:
    # The first alternative is the documented type; the others are null, or any other string.
    schema = schema.get("anyOf", [schema])[0]
    reference = schema.get("$ref", "").rpartition("/")[2]
    schema = schemas.get(reference, schema)
    is_image = (owner, name) in {("MediaItem", "url"), ("Element", "image_url"), ("Element", "URL")}
    return Field(
        schema["type"],
        names=tuple(schema.get("enum", ())),
        limits=(schema.get("minimum"), schema.get("maximum"), schema.get("multipleOf")),
        properties={
            inner: _field(schemas, details, inner, reference) for inner, details in schema.get("properties", {}).items()
        },
        required=REQUIRED_INSIDE.get(reference, ()),
        items=_field(schemas, schema["items"], name) if "items" in schema else None,
        is_image=is_image or name == "image_urls",
        is_ratio=name == "aspect_ratio",
    )


def paths(body: Field, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each field of a body, with ``*`` for the number of an item."""
    for name, each in body.properties.items():
        path = (*prefix, name)
        yield path
        if each.items is not None:
            yield (*path, "*")
            yield from paths(each.items, (*path, "*"))
        yield from paths(each, path)


def parsed(value: Any, wanted: str) -> Any:
    """Return the object or array that a text holds as JSON. Raises :class:`Unusable`.

    An array may also be one item a line, or items separated by ``|``: no URL contains either.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text[:1] == "[" or wanted == "object":
        try:
            return read_json(text)
        except ValueError as error:
            raise Unusable(f"it must be a JSON {wanted}: {error}") from None
    return [item.strip() for item in re.split(r"[\r\n|]+", text) if item.strip()]


def read_json(text: str) -> Any:
    """Return the value of a JSON text. Raises ``ValueError``, also for what few programs can read."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_reject, parse_float=_finite)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:60]!r} is there twice")
    return result


def _reject(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


class Converter:
    """Converts the values of one row. What is wrong goes to ``error``, what is worth knowing to ``remark``."""

    def __init__(self, error: Problems, remark: Problems, image: Callable[[str], str]) -> None:
        """``image`` returns what the body has for an image; it raises :class:`Unusable`."""
        self._error = error
        self._remark = remark
        self._image = image

    def convert_object(self, body: Field, value: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Return an object with its fields converted. Empty ones are left out."""
        result: dict[str, Any] = {}
        for name, given in value.items():
            inner = f"{path}.{name}" if path else name
            each = body.properties.get(name)
            if each is None:
                found = nearest(name, {each: each for each in body.properties})
                self._error(
                    inner, f"there is no such field; did you mean {found}?" if found else "there is no such field"
                )
                continue
            converted = self._convert(each, given, inner)
            if converted is not None:
                result[name] = converted
        for name in body.required:
            if name not in result and value.get(name) in (None, ""):
                self._error(f"{path}.{name}", "it is missing, and needed here")
        return result

    def _convert(self, each: Field, value: Any, path: str) -> Any:
        """Return the value, or None if it is empty or wrong."""
        if isinstance(value, str):
            value = value.strip()
        if value is None or value == "":
            return None
        try:
            check_cell(value)
            if each.type == "object":
                value = parsed(value, "object")
                if not isinstance(value, Mapping):
                    raise Unusable(f"it must be a JSON object, not {_shown(value)}")
                return self.convert_object(each, value, path)
            if each.type == "array" and each.items is not None:
                return self._convert_items(each.items, value, path)
            return getattr(self, f"_{each.type}")(each, value, path)
        except Unusable as error:
            self._error(path, str(error))
            return None

    def _convert_items(self, item: Field, value: Any, path: str) -> list[Any]:
        value = parsed(value, "array")
        if not isinstance(value, list):
            raise Unusable(f"it must be a JSON array, not {_shown(value)}")
        result = []
        for index, given in enumerate(value):
            converted = self._convert(item, given, f"{path}.{index}")
            if converted is not None:
                result.append(converted)
            elif given is None or given == "":
                self._error(f"{path}.{index}", "it is empty; leave it out")
        return result

    def _boolean(self, each: Field, value: Any, path: str) -> bool:
        if isinstance(value, bool):
            return value
        word = value.lower() if isinstance(value, str) else value
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise Unusable(f"it must be true or false (or yes, no, 1, 0), not {_shown(value)}")

    def _integer(self, each: Field, value: Any, path: str) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = int(value.partition(".")[0])
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unusable(f"it must be a whole number, not {_shown(value)}")
        if abs(value) >= _MAX_EXACT:
            raise Unusable("it is a number of more than 15 digits")
        smallest, largest, multiple = each.limits
        if (
            (smallest is not None and value < smallest)
            or (largest is not None and value > largest)
            or (multiple is not None and value % multiple)
        ):
            raise Unusable(f"it must be {_range(*each.limits)}, not {_shown(value)}")
        return value

    def _string(self, each: Field, value: Any, path: str) -> str:
        text = _ratio(value) if each.is_ratio else plain_text(value)
        text = text.replace("\r\n", "\n")  # or keys would change with the ends of the lines of a file
        check_text(text)
        if each.is_image:
            return self._image(text)
        name = path.rpartition(".")[2]
        if name.endswith("_url") or name == "url":
            check_url(text)
        if each.names and text not in each.names and (hint := nearest(text, {name: name for name in each.names})):
            self._remark(path, f"{_shown(text)} is not a known name; did you mean {hint}? It is sent as it is")
        return text


def copied(value: Any, levels: int = _MAX_LEVELS) -> Any:
    """Return a copy of a JSON value. Raises :class:`Unusable` if it is nested too deeply, or in itself."""
    if not isinstance(value, Mapping | list):
        return value
    if not levels:
        raise Unusable(f"it is nested too deeply; at most {_MAX_LEVELS} levels are possible")
    if isinstance(value, list):
        return [copied(each, levels - 1) for each in value]
    return {name: copied(each, levels - 1) for name, each in value.items()}


def check_cell(value: object) -> None:
    """Raise :class:`Unusable` for an error of a spreadsheet."""
    if isinstance(value, str) and value.strip() in _EXCEL_ERRORS:
        raise Unusable(f"the cell has the error {value.strip()} of a spreadsheet")


def check_text(text: str) -> None:
    """Raise :class:`Unusable` for a text that can't be sent or stored."""
    if "\0" in text:
        raise Unusable("it contains a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unusable("it contains half a surrogate pair, which is not valid text") from None


def check_url(text: str) -> None:
    """Raise :class:`Unusable` for what is not a URL of the web."""
    if not re.match(r"https?://[^\s/?#]", text, re.IGNORECASE):
        raise Unusable(f"it must be a URL that begins with http:// or https://, not {_shown(text)}")
    if re.search(r"\s", text):
        raise Unusable(f"a URL has no spaces: {_shown(text)}")


def nearest(name: str, known: Mapping[str, str]) -> str:
    """Return what ``known`` has for the name that looks most like this one, or empty text."""
    by_lower = {each.lower(): target for each, target in known.items()}
    matches = difflib.get_close_matches(name.lower(), by_lower, 1, 0.75) if len(name) <= _MAX_COMPARED else []
    return by_lower[matches[0]] if matches else ""


def plain_text(value: Any) -> str:
    """Return a cell as text. A spreadsheet makes numbers and dates of some texts."""
    if isinstance(value, str):
        return value
    is_other = isinstance(value, bool) or not isinstance(value, int | float | date | time | timedelta)
    if is_other or (isinstance(value, float) and math.isnan(value)):
        raise Unusable(f"it must be text, not {_shown(value)}")
    if not isinstance(value, int | float):
        kind = "time" if isinstance(value, time | timedelta) else "date"
        raise Unusable(f"the cell is a {kind} ({value}); format it as text, and enter it again")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if abs(value) >= _MAX_EXACT:
        raise Unusable("the cell is a number of more than 15 digits, which a spreadsheet rounds; format it as text")
    return str(value)


def _ratio(value: Any) -> str:
    """Return an aspect ratio, which a spreadsheet takes for a time: 16:9 is nine minutes past four."""
    if (
        isinstance(value, datetime) and value.year <= 1900
    ):  # 32:9 is more than a day, from the beginning of the calendar
        value = value - datetime(1899, 12, 31)
    if isinstance(value, timedelta):
        minutes = value // timedelta(minutes=1)
        return f"{minutes // 60}:{minutes % 60}"
    if isinstance(value, time):
        return f"{value.hour}:{value.minute}"
    text = plain_text(value)
    match = _CLOCK.fullmatch(text)
    return f"{int(match[1])}:{int(match[2])}" if match else text


def _range(smallest: int | None, largest: int | None, multiple: int | None) -> str:
    if smallest is not None and largest is not None:
        if multiple is not None:
            return " or ".join(map(str, range(smallest, largest + 1, multiple)))
        return f"{smallest} to {largest}"
    return f"{smallest} or more"


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, for example
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:56]}..."
