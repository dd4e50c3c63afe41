"""Requests drawn from ``openapi/v1.yaml``, for property tests.

*Valid* values follow the schemas as a careful caller reads them: of an open choice (an enum, or any text) the enum is
drawn, JSON text holds what its ``contentSchema`` says, and a number that the descriptions bound stays in its bounds.
*Wild* values are anything that a form or JSON can carry, under known and unknown names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata
from vimmerse.compat.core.messages import V1Request
from vimmerse.compat.flows.routing import OPERATIONS

from tests.cases.rows import FORM, HOST, JSON, KEY
from tests.specs.spec import Node, find_operation, load, request_media, resolve

V1 = load("v1")
MULTIPART = "multipart/form-data"
BOUNDARY = "a-boundary-of-the-property-tests"

# Bounds that v1.yaml states in words.
WORDS: dict[str, st.SearchStrategy[Any]] = {
    "scene_count": st.integers(1, 20),
    "scene_duration": st.sampled_from([5, 10]),
    "idea": st.text(min_size=1, max_size=30),
}
PARAMS: dict[str, st.SearchStrategy[Any]] = {
    "Prompt": st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), max_size=30),
    "Quantity": st.integers(1, 4),
    "MotionLength": st.integers(1, 10),
    "Loop": st.integers(1, 6),
    "AspectRatio": st.sampled_from(["16:9", "4:3", "1:1", "3:4", "9:16"]),
    "MotionAmount": st.integers(1, 10),
    "PromptStrength": st.integers(0, 5),
    "CameraPath": st.sampled_from(["HorizontalArc", "Cross", ""]),
    "Zoom": st.integers(0, 3),
    "OriginalPrompt": st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), max_size=30),
}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
params_texts = st.fixed_dictionaries({}, optional=PARAMS).map(
    lambda params: "|".join(f"{key}={value}" for key, value in params.items())
)

plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class Upload:
    """A file of a drawn form."""

    filename: str
    content: bytes


def valid(schema: Node, name: str = "") -> st.SearchStrategy[Any]:
    """A value that the schema allows, as a careful caller understands it."""
    if "contentSchema" in schema:
        return valid(schema["contentSchema"]).map(json.dumps)
    if "x-params" in schema:
        return params_texts
    if name in WORDS:
        return WORDS[name]
    node = resolve(V1, schema)
    if "anyOf" in node:
        options = [each for each in node["anyOf"] if each != {"type": "string"}] or node["anyOf"]
        if "x-params" in node:
            return params_texts
        return st.one_of([valid(each, name) for each in options])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    kind = node.get("type")
    if kind == "object":
        parts = {key: valid(each, key) for key, each in node.get("properties", {}).items()}
        return st.fixed_dictionaries({}, optional=parts)
    if kind == "array":
        items = valid(node["items"])
        # An empty URL is none, and so a list of one would be too short.
        items = items.filter(bool) if node["items"] == {"type": "string"} else items
        return st.lists(items, min_size=node.get("minItems", 0), max_size=4)
    if node.get("format") == "binary":
        return st.builds(Upload, st.sampled_from(["a.png", "b.jpg"]), st.binary(max_size=40))
    if kind == "integer":
        return st.integers(node.get("minimum", 0), node.get("maximum", 1000))
    if kind == "number":
        return st.integers(1, 100)
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    assert kind == "string", node
    return texts


@dataclass(frozen=True)
class Drawn:
    """A drawn call: its operation, and the fields in it by name."""

    operation: str
    kind: str
    fields: tuple[tuple[str, Any], ...]
    call: V1Request


def as_text(value: Any, spelling: str) -> str:
    """A value on a form."""
    if isinstance(value, bool):
        return {"python": str(value), "json": json.dumps(value), "word": "Yes" if value else "No"}[spelling]
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)


def encoded(kind: str, fields: dict[str, Any], spelling: str = "python") -> tuple[str, bytes]:
    """A body and its content type."""
    if kind == JSON:
        return JSON, json.dumps(fields).encode()
    pairs = [(name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    if kind == FORM:
        return FORM, urlencode([(n, as_text(v, spelling)) for n, v in pairs], errors="replace").encode()
    body, content_type = encode_multipart_formdata(
        [
            (n, (v.filename, v.content, "image/png"))
            if isinstance(v, Upload)
            else (n, as_text(v, spelling).encode("utf-8", "replace"))
            for n, v in pairs
        ],
        boundary=BOUNDARY,
    )
    return content_type, body


ids = st.sampled_from(["m-1", "story 1", "m1+m2"]) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
).filter(lambda text: text not in (".", "..") and not set(text) & set("/\\"))
spellings = st.sampled_from(["python", "json", "word"])


def request(operation: str, id: str, kind: str, body: bytes, query: str = "", key: str | None = KEY) -> V1Request:
    method, _, path = operation.partition(" ")
    before, brace, after = path.partition("{")
    if brace:
        path = before + quote(id, safe="") + after.partition("}")[2]
    headers = (("Content-Type", kind),) if kind else ()
    return V1Request(method, HOST + path + query, (*headers, ("X-Api-Key", key)) if key else headers, body)


@st.composite
def valid_calls(draw: st.DrawFn, among: tuple[str, ...] = tuple(OPERATIONS)) -> Drawn:
    """A call that v1's spec allows."""
    name = draw(st.sampled_from(among))
    operation = find_operation(V1, name)
    id = draw(ids)
    media_types = dict(request_media(V1, operation))
    if not media_types:
        parameters = {each["name"]: valid(each["schema"]) for each in operation.parameters if each["in"] == "query"}
        query = draw(st.fixed_dictionaries({}, optional=parameters))
        tail = "?" + urlencode({key: as_text(value, "json") for key, value in query.items()}) if query else ""
        return Drawn(name, "", tuple(query.items()), request(name, id, "", b"", tail))
    kind = draw(st.sampled_from(sorted(media_types)))
    fields = draw(valid(media_types[kind]["schema"]))
    if "/story/idea-2-video" in name or "/story/url-2-video" in name:
        fields = {"idea": "A fox", **fields}  # v2 requires it, and without it there is nothing to make
    if "/story/images-2-video" in name:
        fields = {"image_urls": ["https://i.example/1.png"], **fields}
    content_type, body = encoded(kind, fields, draw(spellings))
    return Drawn(name, kind, tuple(fields.items()), request(name, id, content_type, body))


_NAMES = sorted(
    {rule.field for operation in OPERATIONS.values() for rule in operation.rules} | {"colour", "MotionType", "a.b", ""}
)
wild_values = st.one_of(
    plain_json,
    texts,
    params_texts,
    st.sampled_from(["0", "1", "2", "Yes", "no", "nan", "1e999", "{", "[", "[[", '{"a":', "null", "true", "Parallax"]),
    plain_json.map(json.dumps),
)
wild_fields = st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=8), wild_values, max_size=8)


@st.composite
def wild_calls(draw: st.DrawFn, among: tuple[str, ...] = tuple(OPERATIONS)) -> Drawn:
    """A call of one of v1's operations with anything in it."""
    name = draw(st.sampled_from(among))
    fields = draw(wild_fields)
    kind = draw(st.sampled_from([FORM, JSON, MULTIPART]))
    if kind == MULTIPART:
        named = draw(st.sampled_from(["image", "image_files", "title", "data", "prompt"]))
        fields = {key: value for key, value in fields.items() if not set(key) & set('"\r\n\\')}
        if draw(st.booleans()):
            fields[named] = draw(st.builds(Upload, texts.filter(bool), st.binary(max_size=9)))
    content_type, body = encoded(kind, fields, draw(spellings))
    if name.startswith("GET "):
        tail = "?" + urlencode({key: as_text(value, "json") for key, value in fields.items()}, errors="replace")
        return Drawn(name, kind, tuple(fields.items()), request(name, draw(ids), "", b"", tail))
    return Drawn(name, kind, tuple(fields.items()), request(name, draw(ids), content_type, body))
