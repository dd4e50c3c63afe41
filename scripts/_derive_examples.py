"""The guide's examples: a v1 request of openapi/v1.yaml as plain v1 code, and what the core makes of it as v2 code.

Nothing of the v2 side is written by hand: the core holds the conversation, a server that knows only expressions answers
(the new story's id is ``story.id``), and each request that comes out becomes a call of the generated client.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import attrs
from vimmerse.compat.core.messages import Multipart, Notice, UploadPart, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.dispatch import converse
from vimmerse.compat.runtime.bodies import encode
from vimmerse.v2 import models
from vimmerse.v2.types import Unset

from scripts._python import Code, Invocation, invocation, mark, source, statement
from scripts._spec import FORM, JSON, MULTIPART, Call, Example, Failure, Spec

API = "https://api.vimmerse.net"
FILE = re.compile(r"\(bytes of (.+)\)")
#: With every default, so that nothing of the environment counts.
POLICY = Policy(mode="lenient", base_url=API, api_key=None)
NOUNS = {"story": "story", "media": "media", "status": "media", "bytes": "media"}


@dataclass(frozen=True)
class V2Operation:
    """An operation of the generated client."""

    name: str
    tag: str
    path: re.Pattern[str]
    method: str
    body: str  # the model's name


@dataclass
class Shown:
    """An example before and after."""

    title: str
    before: str
    after: str  # empty where v2 has nothing like it
    notices: list[Notice] = field(default_factory=list)
    imports: set[tuple[str, str]] = field(default_factory=set)  # (module, name)


class Examples:
    """Makes the examples."""

    def __init__(self, v1: Spec, v2: Spec) -> None:
        self._v1 = v1
        self._v2 = v2

    @cached_property
    def _operations(self) -> list[V2Operation]:
        found = []
        for key, node, _ in self._v2.operations():
            method, path = key.split(" ")
            content = (node.get("requestBody") or {}).get("content", {})
            body = next((media["schema"]["$ref"].rpartition("/")[2] for media in content.values()), "")
            pattern = re.compile("".join("([^/]+)" if part[:1] == "{" else re.escape(part) for part in _parts(path)))
            found.append(V2Operation(node["operationId"], node["tags"][0], pattern, method, body))
        return found

    def show(self, call: Call, example: Example) -> Shown:
        """One example."""
        found = Shown(example.summary, self._before(call, example), "")
        steps = self._converse(call, example, found)
        if all(step.kind != "v1" for step in steps):
            found.after = "\n".join(self._after(call, steps, found))
        return found

    # Before

    def _values(self, call: Call, example: Example) -> list[tuple[str, Any]]:
        """The fields as v1 code has them, and JSON text as what it is made of."""
        fields = {each.name: each for each in call.fields}
        found = []
        for name, value in example.value.items():
            schema = fields[name].schemas[0]
            if isinstance(value, str) and "contentSchema" in schema:
                value = invocation("json.dumps", json.loads(value))
            found.append((name, value))
        return found

    def _before(self, call: Call, example: Example) -> str:
        method, path = call.rules.v1.split(" ")
        url = Code(f'f"{{API}}{path}"')
        keywords: list[tuple[str, Any]] = [("headers", Code("HEADERS"))]
        values = self._values(call, example)
        if example.kind == JSON:
            keywords.append(("json", dict(values)))
        elif example.kind == "query":
            keywords.append(("params", dict(values)))
        elif values:
            plain = {name: value for name, value in values if not _files(value)}
            files = [(name, file) for name, value in values for file in _files(value)]
            if plain:
                keywords.append(("data", plain))
            if files:
                listed = [(name, invocation("open", file, "rb")) for name, file in files]
                keywords.append(("files", listed))
        if call.rules.response_kind == "bytes":
            keywords.append(("stream", True))
        answer = statement("answer", invocation(f"requests.{method.lower()}", url, keywords=keywords))
        if call.rules.response_kind == "bytes":
            return f"{answer}\n{_saving('answer.iter_content(65536)')}"
        return f'{answer}\n{NOUNS[call.rules.response_kind]} = answer.json()["data"]'

    # After

    def _converse(self, call: Call, example: Example, found: Shown) -> list[V2Request]:
        conversation = converse(self._request(call, example), POLICY)
        steps: list[V2Request] = []
        try:
            request = next(conversation)
            while True:
                steps.append(request)
                found.notices += request.notices
                request = conversation.send(_answer(request, NOUNS[call.rules.response_kind]))
        except StopIteration as end:
            found.notices += end.value.notices
        return steps

    def _request(self, call: Call, example: Example) -> V1Request:
        method, path = call.rules.v1.split(" ")
        url = API + re.sub(r"\{(.*)\}", lambda match: quote(mark(match[1]), safe=""), path)
        if example.kind == JSON:
            body = json.dumps(example.value).encode()
            return V1Request(method, url, (("Content-Type", JSON),), body)
        pairs = [
            (name, item)
            for name, value in example.value.items()
            for item in (value if isinstance(value, list) else [value])
        ]
        if example.kind == MULTIPART:
            form = Multipart(tuple(_part(name, item) for name, item in pairs))
            payload = encode(form, "boundary")
            content = payload.content if isinstance(payload.content, bytes) else b"".join(payload.content)
            # What is no file has no filename.
            return V1Request(method, url, (("Content-Type", payload.content_type),), _without_names(content))
        if example.kind == "query":
            return V1Request(method, f"{url}?{urlencode(pairs)}")
        body = urlencode(pairs).encode()
        return V1Request(method, url, (("Content-Type", FORM),) if body else (), body)

    def _after(self, call: Call, steps: list[V2Request], found: Shown) -> list[str]:
        lines = []
        for step in steps:
            if isinstance(step.body, Multipart):
                continue  # its address is an expression in the step that needs it
            if step.kind == "file":
                url = source(unquote(step.url).partition("/files/")[2])
                lines += [f'with httpx.stream("GET", {url}) as answer:', *_saving("answer.iter_bytes()", 4).split("\n")]
                found.imports.add(("", "httpx"))
                continue
            lines.append(statement(NOUNS[call.rules.response_kind], self._call(step, found)))
        return lines

    def _call(self, step: V2Request, found: Shown) -> Invocation:
        parts = urlsplit(step.url)
        for operation in self._operations:
            match = operation.path.fullmatch(parts.path)
            if match and operation.method == step.method:
                break
        else:
            raise Failure(f"openapi/v2.yaml has no {step.method} {parts.path}, which an example is translated to")
        found.imports.add((f"vimmerse.v2.api.{operation.tag}", operation.name))
        keywords: list[tuple[str, Any]] = [("client", Code("client"))]
        keywords += [(name, values[-1].split(",")) for name, values in parse_qs(parts.query).items()]
        if operation.body:
            assert isinstance(step.body, bytes)
            model = getattr(models, operation.body).from_dict(json.loads(step.body))
            keywords.append(("body", _constructed(model, found)))
        return invocation(f"{operation.name}.sync", *map(unquote, match.groups()), keywords=keywords)


def _parts(path: str) -> list[str]:
    return [part for part in re.split(r"(\{[^}]*\})", path) if part]


def _files(value: Any) -> list[str]:
    """The names of the files that a value of an example stands for."""
    items = value if isinstance(value, list) else [value]
    return [match[1] for item in items if isinstance(item, str) and (match := FILE.fullmatch(item))]


_TEXT = "this is no file"


def _part(name: str, value: Any) -> UploadPart:
    files = _files(value)
    if files:
        return UploadPart(name, files[0], "image/png", b"(bytes)")
    return UploadPart(name, _TEXT, "text/plain", str(value).encode())


def _without_names(content: bytes) -> bytes:
    return content.replace(f'; filename="{_TEXT}"'.encode(), b"")


def _saving(pieces: str, indent: int = 0) -> str:
    lines = ['with open("video.mp4", "wb") as file:', f"    for piece in {pieces}:", "        file.write(piece)"]
    return "\n".join(" " * indent + line for line in lines)


def _answer(request: V2Request, noun: str) -> V2Response:
    """What a server would say if its values were expressions."""
    found: dict[str, Any]
    if isinstance(request.body, Multipart):
        names = [part.filename for part in request.body.parts]
        found = {"id": "image", "results": [mark(f'upload("{name}")') for name in names]}
    elif request.kind == "file":
        return V2Response(200)
    else:
        preset = ("motion_type", "prompt", "quantity", "motion_length", "loop")
        found = {
            "id": mark(f"{noun}.id"),
            "result": [f"{API}/files/{quote(mark(f'{noun}.result[0]'))}"],
            "pose_preset": {name: mark(f"{noun}.pose_preset.{name}") for name in preset},
        }
    return V2Response(200, (("content-type", JSON),), json.dumps(found).encode())


def _constructed(value: Any, found: Shown) -> Any:
    """A model as the call that makes it."""
    if isinstance(value, list):
        return [_constructed(item, found) for item in value]
    if not attrs.has(type(value)):
        return value
    name = type(value).__name__
    found.imports.add(("vimmerse.v2.models", name))
    given = [
        (each.name, _constructed(getattr(value, each.name), found))
        for each in attrs.fields(type(value))
        if each.init and not isinstance(getattr(value, each.name), Unset)
    ]
    other: Mapping[str, Any] = value.additional_properties
    if other:
        raise Failure(f"{name} of openapi/v2.yaml has no {', '.join(other)}, which an example is translated to")
    return invocation(name, keywords=given)
