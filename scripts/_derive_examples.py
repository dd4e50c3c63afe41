"""The guide's examples: a v1 request of openapi/v1.yaml as v1 code, and its translation as v2 code.

The v2 code is not written by hand. The request is translated; a simulated server responds with expressions (the id of a
new story is ``story.id``); and each v2 request becomes a method of ``vimmerse.v2.Vimmerse``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from vimmerse.compat.core.messages import Multipart, Notice, UploadPart, V1Request, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.runtime.bodies import encode

from scripts._python import Code, formatted_all, invocation, mark, source
from scripts._resources import Spec as Resources
from scripts._spec import FORM, JSON, MULTIPART, Call, Example, Failure, Spec

API = "https://api.vimmerse.net"
WIDTH = 100  # of the code in the guide
#: Parts of a response that may be missing: the code checks that they are there before it uses them.
OPTIONAL = ("media.pose_preset",)
FILE = re.compile(r"\(bytes of (.+)\)")
POLICY = Policy(mode="lenient", base_url=API, api_key=None)
#: The variable that holds a response, by response kind.
VARIABLES = {"story": "story", "media": "media", "status": "media", "bytes": "media"}


@dataclass(frozen=True)
class V2Method:
    """A method of the v2 client."""

    name: str  # client.stories.create
    path: re.Pattern[str]
    verb: str
    arguments: frozenset[str]


@dataclass
class ExampleCode:
    """An example before and after the translation."""

    title: str
    before: str
    after: str  # empty if v2 has no equivalent
    notices: list[Notice] = field(default_factory=list)


class Examples:
    """Writes the examples."""

    def __init__(self, v1: Spec, v2: Spec) -> None:
        self._v1 = v1
        self._v2 = v2

    @cached_property
    def _methods(self) -> list[V2Method]:
        methods = []
        for resource in Resources(self._v2.root, str).resources():
            for method in resource.methods:
                verb, path = method.key.split(" ")
                pattern = re.compile(re.sub(r"\\{[^}]*\\}", "([^/]+)", re.escape(path)))
                names = frozenset(argument.name for argument in method.arguments)
                methods.append(V2Method(f"client.{resource.name}.{method.name}", pattern, verb, names))
        return methods

    def write(self, examples: Iterable[tuple[Call, Example]]) -> list[ExampleCode]:
        """The examples of the guide, formatted."""
        written = [self._write(call, example) for call, example in examples]
        texts = iter(formatted_all([text for each in written for text in (each.before, each.after)], WIDTH))
        for each in written:
            each.before, each.after = next(texts), next(texts)
        return written

    def _write(self, call: Call, example: Example) -> ExampleCode:
        result = ExampleCode(example.summary, self._before(call, example), "")
        requests = self._translate(call, example, result)
        if all(request.kind != "v1" for request in requests):
            result.after = self._after(call, requests)
        return result

    # Before

    def _values(self, call: Call, example: Example) -> list[tuple[str, Any]]:
        """The fields as v1 code writes them, with JSON text as a call of ``json.dumps``."""
        fields = {field.name: field for field in call.fields}
        values = []
        for name, value in example.value.items():
            if isinstance(value, str) and "contentSchema" in fields[name].schemas[0]:
                value = invocation("json.dumps", json.loads(value))
            values.append((name, value))
        return values

    def _before(self, call: Call, example: Example) -> str:
        method, path = call.rules.v1.split(" ")
        url = Code(f'f"{{API}}{path}"')
        keywords: list[tuple[str, Any]] = [("headers", Code("HEADERS"))]
        values = self._values(call, example)
        if example.kind == JSON:
            keywords.append(("json", dict(values)))
        elif example.kind == "query":
            # One type: that of a dict of different types would be too wide for the stubs of requests.
            texts = {name: value if isinstance(value, list) else str(value) for name, value in values}
            keywords.append(("params", texts))
        elif values:
            plain = {name: value for name, value in values if not _files(value)}
            files = [(name, file) for name, value in values for file in _files(value)]
            if plain:
                keywords.append(("data", plain))
            if files:
                keywords.append(("files", [(name, invocation("open", file, "rb")) for name, file in files]))
        kind = call.rules.response_kind
        if kind == "bytes":
            keywords.append(("stream", True))
            then = _save("response.iter_content(65536)")
        else:
            then = f'{VARIABLES[kind]} = response.json()["data"]'
        request = invocation(f"requests.{method.lower()}", url, keywords=keywords)
        return f"response = {source(request)}\n{then}\n"

    # After

    def _translate(self, call: Call, example: Example, result: ExampleCode) -> list[V2Request]:
        flow = begin(self._request(call, example), POLICY)
        assert flow is not None  # the path is of the spec
        requests: list[V2Request] = []
        try:
            request = next(flow)
            while True:
                requests.append(request)
                result.notices += request.notices
                request = flow.send(_respond(request, VARIABLES[call.rules.response_kind]))
        except StopIteration as end:
            result.notices += end.value.notices
        return requests

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
            return V1Request(method, url, (("Content-Type", payload.content_type),), _without_names(content))
        if example.kind == "query":
            return V1Request(method, f"{url}?{urlencode(pairs)}")
        body = urlencode(pairs).encode()
        return V1Request(method, url, (("Content-Type", FORM),) if body else (), body)

    def _after(self, call: Call, requests: list[V2Request]) -> str:
        variable = VARIABLES[call.rules.response_kind]
        lines = []
        for request in requests:
            if isinstance(request.body, Multipart):
                continue  # an expression in the request that uses its URL
            if request.kind == "file":
                lines.append(f'client.download({variable}, "video.mp4")')
            else:
                lines.append(f"{variable} = {source(self._call(request))}")
        for part in OPTIONAL:
            if part in "".join(lines[1:]):
                lines.insert(1, f"assert {part}")
        return "\n".join(lines) + "\n"

    def _call(self, request: V2Request) -> Code:
        parts = urlsplit(request.url)
        for method in self._methods:
            match = method.path.fullmatch(parts.path)
            if match and method.verb == request.method:
                break
        else:
            raise Failure(f"openapi/v2.yaml has no {request.method} {parts.path}, which an example is translated to")
        keywords = {name: values[-1].split(",") for name, values in parse_qs(parts.query).items()}
        if request.body:
            assert isinstance(request.body, bytes)
            keywords |= json.loads(request.body)
        unknown = keywords.keys() - method.arguments
        if unknown:
            raise Failure(f"{method.name} has no {', '.join(unknown)}, which an example is translated to")
        return invocation(method.name, *map(unquote, match.groups()), keywords=keywords.items())


def _files(value: Any) -> list[str]:
    """The names of the files in an example's value."""
    items = value if isinstance(value, list) else [value]
    return [match[1] for item in items if isinstance(item, str) and (match := FILE.fullmatch(item))]


#: The file name of parts that are text, removed after encoding.
_TEXT = "text-part"


def _part(name: str, value: Any) -> UploadPart:
    files = _files(value)
    if files:
        return UploadPart(name, files[0], "image/png", b"(bytes)")
    return UploadPart(name, _TEXT, "text/plain", str(value).encode())


def _without_names(content: bytes) -> bytes:
    return content.replace(f'; filename="{_TEXT}"'.encode(), b"")


def _save(chunks: str, indent: int = 0) -> str:
    lines = ['with open("video.mp4", "wb") as file:', f"    for chunk in {chunks}:", "        file.write(chunk)"]
    return "\n".join(" " * indent + line for line in lines)


def _respond(request: V2Request, variable: str) -> V2Response:
    """A v2 response whose values are expressions."""
    body: dict[str, Any]
    if isinstance(request.body, Multipart):
        names = [part.filename for part in request.body.parts]
        body = {"id": "image", "results": [mark(f'client.images.upload("{name}").url') for name in names]}
    elif request.kind == "file":
        return V2Response(200)
    else:
        preset = ("motion_type", "prompt", "quantity", "motion_length", "loop")
        body = {
            "id": mark(f"{variable}.id"),
            "result": [f"{API}/files/{quote(mark(f'{variable}.result[0]'))}"],
            "pose_preset": {name: mark(f"{variable}.pose_preset.{name}") for name in preset},
        }
    return V2Response(200, (("content-type", JSON),), json.dumps(body).encode())
