"""Faults in the rules of responses, planted in the object that v1's caller gets; and in the use of the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

from vimmerse.compat.core.messages import Headers
from vimmerse.compat.flows import context, responses
from vimmerse.compat.rules.response_fields import MEDIA_STATUS, OBJECTS, PROGRESS, STORY_STATUS, ResponseField

from tests.recorded.calls import ROWS, Row
from tests.recorded.outcomes import ERRORS, JOBS
from tests.recorded.replaying import KEY, Json, Mutant

_RESPONSES: tuple[tuple[str, Row], ...] = (
    *((f"shim/{row.id}", row) for row in ROWS if row.id != "update_story.revised"),
    *((f"outcomes/{row.id}", row) for row in (*ERRORS, *JOBS)),
)


def _instances(name: str, value: Any) -> Iterator[tuple[str, Json]]:
    """Every object inside a v1 response that one of the tables is about, with the name of its table."""
    if isinstance(value, list):
        for each in value:
            yield from _instances(name, each)
    elif isinstance(value, dict):
        yield name, value
        for field in OBJECTS[name].fields:
            if field.table and field.v1 in value:
                yield from _instances(field.table, value[field.v1])


@contextmanager
def _answering(name: str, change: Callable[[Json], object]) -> Iterator[None]:
    """Change every object of one table in the v1 responses."""
    success, error = context.CallContext.success_response, responses.error

    def changed(kind: str, value: Any) -> Any:
        for table, each in list(_instances(kind, value)):
            if table == name:
                change(each)
        return value

    def success_response(self: context.CallContext, response: Any, data: Any) -> Any:
        operation = self.call.operation
        kind = "media_detail" if isinstance(data, dict) and "data" in data else operation.response_kind
        return success(self, response, changed(kind, data))

    def error_response(*arguments: Any) -> Any:
        payload = error(*arguments)
        return changed("invalid" if isinstance(payload.get("detail"), list) else "error", payload)

    with (
        patch.object(context.CallContext, "success_response", success_response),
        patch.object(responses, "error", error_response),
    ):
        yield


def _change_value(field: ResponseField, value: object = None) -> Callable[[Json], None]:
    """Replace the value of a field by one that no response has; without ``value``, leave the field out."""
    name, _, key = field.v1.partition(".")

    def change(shown: Json) -> None:
        if name not in shown:
            return
        if key:  # of the Params text
            parts = [part for part in str(shown[name]).split("|") if not part.startswith(f"{key}=")]
            shown[name] = "|".join([*parts, f"{key}={value}"] if value else parts)
        elif value:
            shown[name] = value
        else:
            del shown[name]

    return change


def response_mutants() -> Iterator[Mutant]:
    for name, kind in OBJECTS.items():
        for field in {each.v1: each for each in kind.fields}.values():
            has_value = field.default or field.v1 in ("motion_type", "data")
            if field.kind in ("v1-only", "request-only") and not has_value:
                continue  # in no response
            rule = f"{kind.v1} {field.v1}"
            for about, value in (("left out", None), ("with another value", 999)):
                change = _change_value(field, value)
                yield Mutant("responses", rule, about, _RESPONSES, partial(_answering, name, change))
    for title, table in (("story", STORY_STATUS), ("media", MEDIA_STATUS)):
        for word in table:
            plant = partial(patch.dict, table, {word: "another"})
            rows = tuple(each for each in _RESPONSES if each[1].revision == word)
            yield Mutant("responses", f"status {title} {word}", "another word", rows or _RESPONSES, plant)
    for word in sorted(
        PROGRESS.keys() - {"fail", "cancel"}
    ):  # a media that has ended is at 100 before the table is asked
        yield Mutant("responses", f"progress {word}", "another", _RESPONSES, partial(patch.dict, PROGRESS, {word: 1}))


# The key


@contextmanager
def _requesting(method: str, change: Callable[[list[tuple[str, str]]], list[tuple[str, str]]]) -> Iterator[None]:
    """Change the headers of the requests that a flow builds with this method."""
    original = getattr(context.CallContext, method)

    def build(*arguments: Any, **options: Any) -> Any:
        request = original(*arguments, **options)
        request.headers = Headers(change(list(request.headers)))
        if request.kind == "file":
            request.kind = "other"  # else what sends it removes the key a second time
        return request

    with patch.object(context.CallContext, method, build):
        yield


def _without_key(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0].lower() != "x-api-key"]


def key_mutants() -> Iterator[Mutant]:
    rows = tuple(each for each in _RESPONSES if each[0].startswith("shim/"))
    faults: list[tuple[str, str, Callable[[list[tuple[str, str]]], list[tuple[str, str]]]]] = [
        ("not sent to the API", "build_request", _without_key),
        ("another one sent to the API", "build_request", lambda pairs: [*_without_key(pairs), ("X-Api-Key", "other")]),
        ("sent to the host of a file", "build_file_request", lambda pairs: [*pairs, ("X-Api-Key", KEY)]),
    ]
    for about, method, change in faults:
        yield Mutant("key", "X-Api-Key", about, rows, partial(_requesting, method, change))
