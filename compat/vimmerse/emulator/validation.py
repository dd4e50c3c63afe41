"""Checking requests against the specs, and saying what is wrong the way FastAPI does.

Text from a form or a query is first turned into the schema's types (``"5"`` into 5, ``"Yes"`` into True);
v2's JSON is taken as it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence

from vimmerse.emulator.jsontext import read_json
from vimmerse.emulator.models import JsonObject
from vimmerse.emulator.spec import KNOWN, Schema, as_object

Location = tuple[str | int, ...]

_TRUE = frozenset({"true", "1", "yes", "on", "t", "y"})
_FALSE = frozenset({"false", "0", "no", "off", "f", "n"})
_VALUE_FIELDS = frozenset({"aspect_ratio", "language"})
_TOOL_FIELDS = frozenset({"video_tool", "image_tool", "motion_type", "option"})

# By JSON type: the error for another type, and for a text that can't be read as it.
_TYPE_ERRORS = {
    "integer": ("int_type", "Input should be a valid integer"),
    "number": ("float_type", "Input should be a valid number"),
    "boolean": ("bool_type", "Input should be a valid boolean"),
    "string": ("string_type", "Input should be a valid string"),
    "array": ("list_type", "Input should be a valid list"),
    "object": ("dict_type", "Input should be a valid dictionary"),
    "null": ("none_required", "Input should be None"),
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
    "exclusiveMinimum": ("greater_than", "Input should be greater than {limit}", "gt"),
    "exclusiveMaximum": ("less_than", "Input should be less than {limit}", "lt"),
    "multipleOf": ("multiple_of", "Input should be a multiple of {limit}", "multiple_of"),
    "minLength": ("string_too_short", "String should have at least {limit} character(s)", "min_length"),
    "maxLength": ("string_too_long", "String should have at most {limit} character(s)", "max_length"),
    "pattern": ("string_pattern_mismatch", "String should match pattern '{limit}'", "pattern"),
    "minItems": ("too_short", "List should have at least {limit} item(s) after validation", "min_length"),
    "maxItems": ("too_long", "List should have at most {limit} item(s) after validation", "max_length"),
}


class Invalid(Exception):
    """A request that a schema refuses; ``errors`` is FastAPI's ``detail``."""

    def __init__(self, errors: list[JsonObject]) -> None:
        super().__init__("the request is not valid")
        self.errors = errors


def error(kind: str, location: Location, message: str, given: object, **context: object) -> JsonObject:
    """One entry of ``detail``."""
    found: JsonObject = {"type": kind, "loc": list(location), "msg": message, "input": _shown(given)}
    return found | ({"ctx": context} if context else {})


def _shown(given: object) -> object:
    """What is echoed: never a long text."""
    return given[:200] if isinstance(given, str) else given


def is_text_type(schema: JsonObject) -> bool:
    """Whether a property takes plain text and nothing else."""
    kind = schema.get("type")
    return kind == "string" or (isinstance(kind, list) and set(kind) <= {"string", "null"})


def _types(schema: JsonObject) -> list[str]:
    kind = schema.get("type")
    if isinstance(kind, list):
        return [str(one) for one in kind]
    if isinstance(kind, str):
        return [kind]
    branches = schema.get("anyOf")
    found = [_types(as_object(branch)) for branch in branches] if isinstance(branches, list) else []
    return [name for group in found for name in group]


def coerce(value: object, schema: JsonObject) -> object:
    """A text as the schema's type, or the text itself where that can't be (validation then says so)."""
    if not isinstance(value, str):
        return value
    types = _types(schema)
    text = value.strip()
    if "integer" in types or "number" in types:
        try:
            number = float(text)
            if math.isfinite(number):
                whole = number.is_integer()
                return int(text, 10) if whole and text.lstrip("+-").isdigit() else int(number) if whole else number
        except ValueError:
            pass
    if "boolean" in types:
        if text.lower() in _TRUE:
            return True
        if text.lower() in _FALSE:
            return False
    if ("object" in types or "array" in types) and text[:1] in ("{", "["):
        try:
            return read_json(text)
        except ValueError:
            return value
    return value


def gather(pairs: Iterable[tuple[str, str]], schema: Schema) -> JsonObject:
    """A form's pairs as the values of a schema: repeated keys as lists, text as the schema's types.

    A blank text counts as not given where the schema wants something else than text, as in FastAPI.
    """
    properties = schema.properties
    grouped: dict[str, list[str]] = {}
    for name, text in pairs:
        # PHP and some JavaScript libraries write repeated keys as name[].
        plain = name.removesuffix("[]") if name not in properties else name
        grouped.setdefault(plain, []).append(text)
    found: JsonObject = {}
    for name, texts in grouped.items():
        definition = properties.get(name, {})
        if "array" in _types(definition):
            items = as_object(definition.get("items"))
            whole = coerce(texts[0], definition) if len(texts) == 1 else None
            found[name] = whole if isinstance(whole, list) else [coerce(text, items) for text in texts]
        elif texts[-1] or not _types(definition) or is_text_type(definition):
            found[name] = coerce(texts[-1], definition)
    return found


def loosen(values: JsonObject, schema: Schema) -> JsonObject:
    """A JSON object for a schema that was written for a form: text to the types, objects to JSON text."""
    properties = schema.properties
    found: JsonObject = {}
    for name, value in values.items():
        definition = properties.get(name, {})
        if value is None and "null" not in _types(definition):
            continue
        if isinstance(value, (dict, list)) and is_text_type(definition):
            found[name] = json.dumps(value)
        elif isinstance(value, bool) and is_text_type(definition):
            found[name] = "Yes" if value else "No"
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and is_text_type(definition):
            found[name] = str(value)
        else:
            found[name] = coerce(value, definition)
    return found


def check(value: object, schema: Schema, location: Location, *, strict: frozenset[str] = frozenset()) -> None:
    """Raise :class:`Invalid` where the schema refuses the value, or a ``strict`` field is not a listed one."""
    errors: list[JsonObject] = []
    missing_at: set[Location] = set()
    for found in schema.validator.iter_errors(value):
        where = (*location, *found.instance_path)
        path = list(found.schema_path)
        keyword = str(path[-1])
        if keyword == "required":
            if where not in missing_at:
                missing_at.add(where)
                errors += _missing(schema.at(path), found.instance, where)
        else:
            errors.append(_translate(keyword, schema, path, found.instance, where, found.message))
    if not errors:
        errors = list(_unlisted(value, schema.definition, location, strict))
    if errors:
        raise Invalid(errors)


def check_at_most(values: JsonObject, name: str, most: int) -> None:
    """Raise :class:`Invalid` where a number is above a limit of the emulator's own."""
    found = values.get(name)
    if isinstance(found, int) and found > most:
        kind, sentence, limit = _LIMIT_ERRORS["maximum"]
        raise Invalid([error(kind, ("body", name), sentence.format(limit=most), found, **{limit: most})])


def whole_numbers(values: JsonObject) -> JsonObject:
    """The fields with ``2.0`` as ``2``: to JSON Schema both are the same integer."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in values.items()
    }


def strict_fields(*, values: bool, tools: bool) -> frozenset[str]:
    """The fields whose listed values are the only ones."""
    return (_VALUE_FIELDS if values else frozenset()) | (_TOOL_FIELDS if tools else frozenset())


def _missing(required: object, instance: object, where: Location) -> list[JsonObject]:
    given = as_object(instance)
    names = [str(name) for name in required] if isinstance(required, list) else []
    return [error("missing", (*where, name), "Field required", given) for name in names if name not in given]


def _translate(
    keyword: str, schema: Schema, path: list[str | int], instance: object, where: Location, message: str
) -> JsonObject:
    limit = schema.at(path)
    if keyword in _LIMIT_ERRORS:
        kind, sentence, name = _LIMIT_ERRORS[keyword]
        return error(kind, where, sentence.format(limit=limit), instance, **{name: limit})
    if keyword == "type":
        wanted = next((str(one) for one in (limit if isinstance(limit, list) else [limit])), "")
        table = _PARSE_ERRORS if isinstance(instance, str) and wanted in _PARSE_ERRORS else _TYPE_ERRORS
        kind, sentence = table.get(wanted, ("value_error", message))
        return error(kind, where, sentence, instance)
    if keyword == "enum" and isinstance(limit, list):
        return not_listed(limit, instance, where)
    return error("value_error", where, f"Value error, {message}", instance)


def not_listed(values: Sequence[object], given: object, where: Location) -> JsonObject:
    """The error for a value that is none of a list's."""
    shown = [repr(value) for value in values if value is not None]
    expected = ", ".join(shown[:-1]) + f" or {shown[-1]}" if len(shown) > 1 else shown[0]
    return error("literal_error", where, f"Input should be {expected}", given, expected=expected)


def _unlisted(
    value: object, definition: Mapping[str, object], where: Location, strict: frozenset[str]
) -> Iterable[JsonObject]:
    """Values of open lists that are not in the list, for the fields where that is asked for."""
    if isinstance(value, dict):
        properties = as_object(definition.get("properties"))
        for name, inner in value.items():
            schema = as_object(properties.get(name))
            known = schema.get(KNOWN)
            if name in strict and isinstance(known, list) and isinstance(inner, str):
                # A blank text means "no voice", "no choice".
                if inner and inner not in known:
                    yield not_listed(known, inner, (*where, name))
            else:
                yield from _unlisted(inner, schema, (*where, name), strict)
    elif isinstance(value, list):
        items = as_object(definition.get("items"))
        for index, inner in enumerate(value):
            yield from _unlisted(inner, items, (*where, index), strict)
