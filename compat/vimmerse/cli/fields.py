"""v2's request fields as options, read from the specification that comes with :mod:`vimmerse.v2`.

An option has the name of its field; fields of ``audio_option`` have options of their own. Fields that the service adds
later are given with ``--field`` or ``--json-file``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import click
from click import Option
from vimmerse.cli.errors import JobKind
from vimmerse.cli.options import JsonFile, KnownNames, integer_option, pairs_option
from vimmerse.v2 import openapi

_SPECIFICATION = openapi()
_SCHEMAS = _SPECIFICATION["components"]["schemas"]

# Used instead of the description in the specification.
_HELP = {
    "elements": "JSON file with characters, environments and objects, - for standard input.",
    "storyboard": "JSON file with a storyboard that replaces the story's own, - for standard input.",
    "media_items": "JSON file with an array of images, videos and audio, - for standard input.",
    "concat_video_urls": "URL of a video. Repeat it for more, in order.",
    "audio_urls": "URL of an audio track for the video. Repeat it for more.",
    "visibility_status": "Who can see it: 0 private, 1 unlisted, 2 public. Free.",
    "native_audio": "Sound effects and lip sync (a story then has no narration). Doubles the price.",
}


class JobOperation(NamedTuple):
    """An operation of v2 with a JSON body."""

    name: str  # method and path, such as POST /v2/media
    kind: JobKind
    function: str  # the name of its module in vimmerse.v2.api
    model: str  # the name of its body's model


def operation(name: str) -> JobOperation:
    method, _, path = name.partition(" ")
    details = _SPECIFICATION["paths"][path][method.lower()]
    body = details["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return JobOperation(name, details["tags"][0], details["operationId"], body.rpartition("/")[2])


def field_options(model: str, prefix: str = "") -> Iterator[Option]:
    """Yield the options for the fields of a body. Their names in click are those of the fields."""
    for name, schema in _SCHEMAS[model]["properties"].items():
        # The first alternative is the documented type; the others are null, or any other string.
        documented = schema.get("anyOf", [schema])[0]
        reference = documented.get("$ref", "").rpartition("/")[2]
        if name == "audio_option":
            yield from field_options(reference, "audio_option.")
        else:
            option = _option(name, _SCHEMAS.get(reference, documented), _HELP.get(name) or schema["description"])
            option.name = prefix + name  # with a dot, which click can't derive from the flag
            yield option


def _option(name: str, schema: Mapping[str, Any], help: str) -> Option:
    flag, kind = "--" + name.replace("_", "-"), schema["type"]
    if kind == "boolean":
        return Option([f"{flag}/--no-{flag[2:].removeprefix('has-').removeprefix('is-')}"], default=None, help=help)
    if kind == "integer":
        return integer_option(flag, help)
    if kind == "array" and schema["items"].get("type") == "string":
        return Option([flag.removesuffix("s")], multiple=True, metavar="URL", help=help)
    if kind in ("object", "array"):
        return Option([flag], type=JsonFile(dict if kind == "object" else list), metavar="FILE", help=help)
    if "enum" in schema:
        names = KnownNames(schema["enum"])
        return Option([flag], type=names, metavar="NAME", help=f"{help} [{', '.join(schema['enum'])}, ...]")
    return Option([flag], metavar="URL" if name.endswith("_url") else "TEXT", help=help)


_FILE_HELP = "The body, or part of it, as a JSON object, - for standard input; options take precedence."
_FIELD_HELP = "Any other field. A value that is valid JSON is sent as JSON; NAME may be OBJECT.NAME."
EXTRA_FIELDS = [
    Option(["--json-file"], type=JsonFile(dict), metavar="FILE", help=_FILE_HELP),
    pairs_option("--field", "extra", metavar="NAME=VALUE", help=_FIELD_HELP),
]


def build_body(options: Iterable[Option], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body for the values of these options and of ``EXTRA_FIELDS``. Raises ``UsageError``."""
    body: dict[str, Any] = dict(values["json_file"] or {})
    for option in options:
        value = values[str(option.name)]
        if value is not None and value != ():
            _set_field(body, str(option.name), list(value) if isinstance(value, tuple) else value)
    for name, text in values["extra"]:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = text
        _set_field(body, name, value)
    return body


def _set_field(body: dict[str, Any], path: str, value: Any) -> None:
    outer, dot, inner = path.partition(".")
    if not dot:
        body[path] = value
        return
    nested = body.get(outer, {})
    if not isinstance(nested, dict):
        raise click.UsageError(f"{path} can't be set: {outer} is not an object")
    body[outer] = dict(nested)
    _set_field(body[outer], inner, value)
