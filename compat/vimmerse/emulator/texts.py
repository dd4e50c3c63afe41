"""v1's JSON texts: fields of a form that hold an object or a list."""

from __future__ import annotations

from vimmerse.emulator.calls import Call
from vimmerse.emulator.jsontext import read_json
from vimmerse.emulator.models import JsonObject
from vimmerse.emulator.spec import Schema, load
from vimmerse.emulator.validation import Invalid, check, error, loosen, strict_fields


def _read(call: Call, name: str) -> object:
    """The field's value: parsed where it is text, None where it is missing or blank."""
    value = call.values.get(name)
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return read_json(value)
    except ValueError as problem:
        message = f"Invalid JSON: {problem}"
        raise Invalid([error("json_invalid", ("body", name), message, value)]) from None


def _checked(call: Call, value: JsonObject, schema: Schema, *place: str | int) -> JsonObject:
    strict = strict_fields(values=call.settings.strict_values, tools=call.settings.strict_tools)
    found = loosen(value, schema)
    check(found, schema, ("body", *place), strict=strict)
    return found


def json_object(call: Call, name: str, component: str) -> JsonObject:
    """An object given as JSON text (or as itself), checked against a component of v1's spec; empty if none."""
    value = _read(call, name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid([error("dict_type", ("body", name), "Input should be a valid dictionary", value)])
    return _checked(call, value, load("v1").component(component), name)


def json_list(call: Call, name: str, component: str) -> list[JsonObject]:
    """A list of objects given as JSON text (or as itself)."""
    value = _read(call, name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Invalid([error("list_type", ("body", name), "Input should be a valid list", value)])
    schema = load("v1").component(component)
    found: list[JsonObject] = []
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            message = "Input should be a valid dictionary"
            raise Invalid([error("dict_type", ("body", name, index), message, item)])
        found.append(_checked(call, item, schema, name, index))
    return found
