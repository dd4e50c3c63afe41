"""The errors that a call can end with, in the shapes of the service and of FastAPI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vimmerse.emulator.values import JsonObject, as_objects

Location = tuple[str | int, ...]


class RequestError(Exception):
    """An error response: an HTTP status, a constant for programs and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad_request(message: str) -> RequestError:
    return RequestError(400, "BAD_REQUEST", message)


class InvalidRequest(Exception):
    """A 422; ``errors`` is FastAPI's ``detail``, built with :func:`field_error`."""

    def __init__(self, *errors: JsonObject) -> None:
        super().__init__("the request is not valid")
        self.errors = list(errors)


class UnreadableForm(Exception):
    """A form that can't be parsed: a 400 whose ``detail`` is the message."""


def field_error(kind: str, location: Location, message: str, value: object, **context: object) -> JsonObject:
    """One entry of ``detail``. Of a long text only the beginning is repeated."""
    shown = value[:200] if isinstance(value, str) else value
    entry: JsonObject = {"type": kind, "loc": list(location), "msg": message, "input": shown}
    return entry | ({"ctx": context} if context else {})


def missing_field(location: Location, parent: object) -> JsonObject:
    """The error for a required field that ``parent`` does not have."""
    return field_error("missing", location, "Field required", parent)


def require_fields(parent: JsonObject, lists: Iterable[str], names: Sequence[str], location: Location) -> None:
    """Raise :class:`InvalidRequest` if an object in one of the parent's lists lacks one of the fields."""
    missing = [
        missing_field((*location, kind, index, name), item)
        for kind in lists
        for index, item in enumerate(as_objects(parent.get(kind)))
        for name in names
        if not item.get(name)
    ]
    if missing:
        raise InvalidRequest(*missing)


def not_listed(allowed: Sequence[object], value: object, location: Location) -> JsonObject:
    """The error for a value that is not one of the allowed ones."""
    shown = [repr(item) for item in allowed if item not in (None, "")]
    expected = ", ".join(shown[:-1]) + f" or {shown[-1]}" if len(shown) > 1 else shown[0]
    return field_error("literal_error", location, f"Input should be {expected}", value, expected=expected)
