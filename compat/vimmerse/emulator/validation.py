"""Checking requests against the specs, and reporting errors as FastAPI does.

Text from a form or a query is first turned into the schema's types (``"5"`` into 5, ``"Yes"`` into True); v2's JSON is
taken as it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable

from vimmerse.emulator.errors import InvalidRequest, Location, field_error, missing_field, not_listed
from vimmerse.emulator.spec import Schema
from vimmerse.emulator.values import FALSE_TEXTS, TRUE_TEXTS, JsonObject, as_object, as_objects, read_json

# By JSON type: the error for another type, and for a text that can't be read as it.
_TYPE_ERRORS = {
    "integer": ("int_type", "Input should be a valid integer"),
    "number": ("float_type", "Input should be a valid number"),
    "boolean": ("bool_type", "Input should be a valid boolean"),
    "string": ("string_type", "Input should be a valid string"),
    "array": ("list_type", "Input should be a valid list"),
    "object": ("dict_type", "Input should be a valid dictionary"),
}
_PARSE_ERRORS = {
    "integer": ("int_parsing", "Input should be a valid integer, unable to parse string as an integer"),
    "number": ("float_parsing", "Input should be a valid number, unable to parse string as a number"),
    "boolean": ("bool_parsing", "Input should be a valid boolean, unable to interpret input"),
}
# By keyword: the error's type, its sentence, and the name of the limit in ``ctx``.
_LIMIT_ERRORS = {
    "minimum": ("greater_than_equal", "Input should be greater than or equal to {limit}", "ge"),
    "maximum": ("less_than_equal", "Input should be less than or equal to {limit}", "le"),
    "multipleOf": ("multiple_of", "Input should be a multiple of {limit}", "multiple_of"),
    "minItems": ("too_short", "List should have at least {limit} item(s) after validation", "min_length"),
    "maxItems": ("too_long", "List should have at most {limit} item(s) after validation", "max_length"),
}


def _types(schema: JsonObject) -> list[str]:
    kind = schema.get("type")
    if kind is None:
        return [name for branch in as_objects(schema.get("anyOf")) for name in _types(branch)]
    return [str(name) for name in kind] if isinstance(kind, list) else [str(kind)]


def _is_text(schema: JsonObject) -> bool:
    return "type" in schema and set(_types(schema)) <= {"string", "null"}


def coerce(value: object, schema: JsonObject) -> object:
    """A text as the schema's type, or the text itself if it is not one (validation then reports it)."""
    if not isinstance(value, str):
        return value
    types = _types(schema)
    text = value.strip()
    if "integer" in types or "number" in types:
        try:
            number = float(text)
            if math.isfinite(number):
                # Large integers do not survive a float.
                exact = int(text) if text.lstrip("+-").isdigit() else int(number)
                return exact if number.is_integer() else number
        except ValueError:
            pass
    if "boolean" in types and text.lower() in TRUE_TEXTS | FALSE_TEXTS:
        return text.lower() in TRUE_TEXTS
    if ("object" in types or "array" in types) and text[:1] in ("{", "["):
        try:
            return read_json(text)
        except ValueError:
            return value
    return value


def gather(pairs: Iterable[tuple[str, str]], schema: Schema) -> JsonObject:
    """A form's pairs as the values of a schema: repeated keys as lists, text as the schema's types.

    A blank text counts as not given if the schema wants something else than text, as in FastAPI.
    """
    properties = schema.properties
    grouped: dict[str, list[str]] = {}
    for name, text in pairs:
        # PHP and some JavaScript libraries write repeated keys as name[].
        plain = name if name in properties else name.removesuffix("[]")
        grouped.setdefault(plain, []).append(text)
    values: JsonObject = {}
    for name, texts in grouped.items():
        definition = properties.get(name, {})
        types = _types(definition)
        if "array" in types:
            items = as_object(definition.get("items"))
            parsed = coerce(texts[0], definition) if len(texts) == 1 else None
            values[name] = parsed if isinstance(parsed, list) else [coerce(text, items) for text in texts]
        elif texts[-1] or not types or _is_text(definition):
            values[name] = coerce(texts[-1], definition)
    return values


def loosen(values: JsonObject, schema: Schema) -> JsonObject:
    """A JSON object for a schema that was written for a form: text as the schema's types, objects as JSON text."""
    properties = schema.properties
    loosened: JsonObject = {}
    for name, value in values.items():
        definition = properties.get(name, {})
        if value is None and "null" not in _types(definition):
            continue
        if value is None or isinstance(value, str) or not _is_text(definition):
            loosened[name] = coerce(value, definition)
        elif isinstance(value, bool):
            loosened[name] = "Yes" if value else "No"
        else:
            loosened[name] = json.dumps(value)
    return loosened


def read_json_text(value: object, schema: Schema, location: Location) -> object:
    """What a field holds as JSON text (or as itself), checked against a schema; None if it is missing or blank."""
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = read_json(value)
        except ValueError as error:
            raise InvalidRequest(field_error("json_invalid", location, f"Invalid JSON: {error}", value)) from None
    if isinstance(value, dict):
        value = loosen(value, schema)
    elif isinstance(value, list):
        items = Schema(as_object(schema.definition.get("items")))
        value = [loosen(item, items) if isinstance(item, dict) else item for item in value]
    if value is not None:
        check(value, schema, location)
    return value


def check(value: object, schema: Schema, location: Location) -> None:
    """Raise :class:`InvalidRequest` if the schema rejects the value."""
    errors: list[JsonObject] = []
    seen: set[tuple[Location, object]] = set()
    violations = [(list(each.schema_path), each) for each in schema.validator.iter_errors(value)]
    wrong_types = {tuple(each.instance_path) for path, each in violations if path[-1] == "type"}
    for path, violation in violations:
        where = (*location, *violation.instance_path)
        # All missing fields are reported at once; a value of the wrong type is in no list, either.
        if (where, path[-1]) in seen or (path[-1] == "enum" and tuple(violation.instance_path) in wrong_types):
            continue
        seen.add((where, path[-1]))
        if path[-1] != "required":
            errors.append(_translated(path, schema, violation.instance, where, violation.message))
        else:
            required = schema.at(path)
            for name in required if isinstance(required, list) else []:
                if name not in as_object(violation.instance):
                    errors.append(missing_field((*where, str(name)), violation.instance))
    if errors:
        raise InvalidRequest(*errors)


def limit_error(keyword: str, limit: object, value: object, location: Location) -> JsonObject:
    """The error for a value beyond the limit of a JSON Schema keyword."""
    kind, sentence, name = _LIMIT_ERRORS[keyword]
    return field_error(kind, location, sentence.format(limit=limit), value, **{name: limit})


def _translated(path: list[str | int], schema: Schema, value: object, where: Location, message: str) -> JsonObject:
    keyword, limit = str(path[-1]), schema.at(path)
    if keyword in _LIMIT_ERRORS:
        return limit_error(keyword, limit, value, where)
    if keyword == "type":
        wanted = str(limit[0] if isinstance(limit, list) else limit)
        table = _PARSE_ERRORS if isinstance(value, str) and wanted in _PARSE_ERRORS else _TYPE_ERRORS
        kind, sentence = table.get(wanted, ("value_error", message))
        return field_error(kind, where, sentence, value)
    if keyword == "enum" and isinstance(limit, list):
        return not_listed(limit, value, where)
    return field_error("value_error", where, f"Value error, {message}", value)
