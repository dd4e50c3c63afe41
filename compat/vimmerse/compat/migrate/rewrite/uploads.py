"""The image files that a v1 call uploads with itself: v2 takes each by ``POST /v2/image`` first, and then its URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import libcst as cst
from vimmerse.compat.core.messages import UploadPart
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.rewrite.addresses import Address
from vimmerse.compat.migrate.rewrite.code import Writer
from vimmerse.compat.migrate.rewrite.dicts import line_indent, writer_of
from vimmerse.compat.migrate.rewrite.edits import Edits, can_define
from vimmerse.compat.migrate.rewrite.groups import Payload
from vimmerse.compat.migrate.rewrite.plan import Plan
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.syntax import comma, keyword_argument, parenthesized
from vimmerse.compat.migrate.rewrite.unused import remove_variable
from vimmerse.compat.migrate.rewrite.values import Dict, HttpCall, List, Text, Values, literal, only

_NAME = "upload_image"
_URL = "/v2/image"
_SYNC = '''def upload_image(client, url, image, **options):
    """Upload an image with POST /v2/image, and return its URL."""
    response = client.post(url, files={"image_file": image}, **options)
    response.raise_for_status()
    return response.json()["results"][0]
'''
_ASYNC = _SYNC.replace(f"def {_NAME}", f"async def {_NAME}_async", 1).replace("client.post", "await client.post")
#: The arguments of a call that are not those of an upload.
_OWN = ("method", "url", "data", "json", "files", "content", "params")


class Uploads:
    """The files of one call.

    Attributes:
        parts: What stands for each file in the rules' translation, by the field's name.
        files: The expression of each file, by the identity of what stands for it.
    """

    def __init__(self) -> None:
        self.parts: dict[str, list[UploadPart]] = {}
        self.files: dict[int, cst.BaseExpression] = {}

    def add(self, field: str, file: cst.BaseExpression, filename: str) -> None:
        """Add a file."""
        part = UploadPart(field, filename or "image", "application/octet-stream", b"")
        self.parts.setdefault(field, []).append(part)
        self.files[id(part)] = file


def uploads_of(call: HttpCall) -> Uploads | None:
    """Return the files that a call uploads, or None if they are not known one by one."""
    uploads = Uploads()
    for name, file, values in _files(call.arguments["files"].values):
        if name is None or file is None:
            return None
        uploads.add(name, file, _filename(values))
    return uploads if uploads.files else None


def _files(values: Values) -> Iterator[tuple[str | None, cst.BaseExpression | None, Values]]:
    match only(values):
        case Dict(object=dict_object) if not dict_object.is_open and not dict_object.removed:
            for entry in dict_object.entries:
                yield (None if entry.conditional else entry.key), entry.value, entry.values
        case List(object=list_object) if not list_object.is_open:
            for _, item in list_object.items:
                pair = only(item)
                if not isinstance(pair, List) or len(pair.object.items) != 2:
                    yield None, None, item
                else:
                    name = literal(pair.object.items[0][1])
                    node, inner = pair.object.items[1]
                    yield (name if isinstance(name, str) else None), node, inner
        case _:
            yield None, None, values


def _filename(values: Values) -> str:
    """Return the name of a file that is a tuple such as ``("a.png", file, "image/png")``."""
    match only(values):
        case List(object=list_object) if list_object.items:
            name = only(list_object.items[0][1])
            return name.pattern if isinstance(name, Text) else "image"
    return "image"


class Uploader:
    """Writes the uploads of a call: a function of the module that uploads one image, and a call of it for each.

    Attributes:
        reason: Why they can't be written, or nothing.
    """

    def __init__(self, call: HttpCall, address: Address, uploads: Uploads, module: Module) -> None:
        self._call, self._uploads = call, uploads
        self._is_awaited = isinstance(module.parent(call.node), cst.Await)
        function = call.node.func
        self._client = function.value if isinstance(function, cst.Attribute) else None
        self._url = _upload_url(call, address)
        self.reason = ""
        if self._client is None or self._url is None or call.library == "urllib":
            self.reason = "It uploads files: upload each with POST /v2/image first, and send the URL."
        elif any(argument.star for argument in call.node.args):
            self.reason = "It uploads files, and passes on arguments that the uploads would need."
        self._name, self._code = (f"{_NAME}_async", _ASYNC) if self._is_awaited else (_NAME, _SYNC)
        if not self.reason and not can_define(module.tree, self._name, self._code):
            self.reason = f"The module has a {self._name} of its own, which the migration would define."

    def expression(self, value: Any, edits: Edits) -> cst.BaseExpression | None:
        """Return the call that uploads a file and gives its URL, or None for a value that is no file."""
        if id(value) not in self._uploads.files:
            return None
        assert self._client is not None
        assert self._url is not None
        arguments = [
            cst.Arg(edits.updated(self._client)),
            cst.Arg(self._url),
            cst.Arg(edits.updated(self._uploads.files[id(value)])),
        ]
        arguments += [
            keyword_argument(argument.keyword.value, edits.updated(argument.value))
            for argument in self._call.node.args
            if argument.keyword is not None and argument.keyword.value not in _OWN
        ]
        call = cst.Call(cst.Name(self._name), arguments)
        return parenthesized(cst.Await(call)) if self._is_awaited else call

    def define(self, edits: Edits) -> None:
        """Add the function that uploads an image to the module, below its imports, where it is not there."""
        edits.define(self._name, self._code)


def _upload_url(call: HttpCall, address: Address) -> cst.BaseExpression | None:
    """Return the address of the upload, from the call's own."""
    url = call.arguments["url"].value if "url" in call.arguments else None
    roots = ("/media", "/story")
    match url:
        case cst.FormattedString(parts=[cst.FormattedStringExpression() as base, cst.FormattedStringText() as path]):
            if path.value.startswith(roots):
                return url.with_changes(parts=[base, path.with_changes(value=_URL)])
        case cst.BinaryOperation(right=cst.SimpleString(raw_value=path)) if path.startswith(roots):
            return url.with_changes(right=cst.SimpleString(f'"{_URL}"'))
        case cst.SimpleString(raw_value=path) if path.startswith(roots):
            return cst.SimpleString(f'"{_URL}"')
    if V1_HOST in address.pattern:
        return cst.SimpleString(f'"https://{V1_HOST}{_URL}"')
    return None


def add_uploads(plan: Plan, call: HttpCall, payload: Payload, uploader: Uploader) -> None:
    """Send the URLs of uploaded files in the JSON body of a call, and no files."""
    if not plan.first_time((call.node, "uploads")):
        return  # it is reached in several ways
    edits = plan.edits_of(call.node)
    uploader.define(edits)
    writer = writer_of(payload, edits, plan.quote_of(call.node), lambda value: uploader.expression(value, edits))
    body = call.arguments.get("data") or call.arguments.get("json")
    indent = line_indent(call.node.whitespace_before_args)

    def change(old: cst.Call) -> cst.Call:
        arguments: list[cst.Arg] = []
        for before, argument in zip(call.node.args, old.args, strict=True):
            if before is call.arguments["files"].node:
                if body is not None:
                    continue
                argument = argument.with_changes(
                    keyword=cst.Name("json"), value=writer.new_dict(payload.uploaded, indent)
                )
            elif body is not None and before is body.node:
                value = _with_fields(argument.value, writer, payload.uploaded, indent)
                argument = argument.with_changes(value=value)
            arguments.append(argument)
        return old.with_changes(args=[*arguments[:-1], arguments[-1].with_changes(comma=old.args[-1].comma)])

    edits.change(call.node, change)
    module = plan.analysis.program.modules[call.path]
    remove_variable(call.arguments["files"].value, module, edits)


def _with_fields(
    body: cst.BaseExpression, writer: Writer, fields: Mapping[str, Any], indent: int | None
) -> cst.BaseExpression:
    """Return a body with more fields: in the literal itself, or beside ``**payload``."""
    if isinstance(body, cst.Dict):
        indent = line_indent(body.lbrace.whitespace_after) or indent
    new = writer.new_dict(fields, indent)
    if isinstance(body, cst.Dict):
        last = [element.with_changes(comma=comma()) for element in body.elements[-1:]]
        return body.with_changes(elements=[*body.elements[:-1], *last, *new.elements])
    return new.with_changes(elements=[cst.StarredDictElement(body, comma=comma()), *new.elements])
