"""From an HTTP request to a handler and back: keys, bodies, validation, errors, records, faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import parse_qsl, unquote

from vimmerse.emulator import media, stories
from vimmerse.emulator.bodies import read_body
from vimmerse.emulator.connection import Message, Receive, Send
from vimmerse.emulator.errors import (
    InvalidRequest,
    RequestError,
    UnreadableForm,
    field_error,
    missing_field,
    not_listed,
)
from vimmerse.emulator.faults import ALTERING, Faults, alter_response, replace_response
from vimmerse.emulator.handlers import Handler, Routes, ValidatedRequest
from vimmerse.emulator.models import Version
from vimmerse.emulator.records import RecordedRequest, RequestBody
from vimmerse.emulator.responses import Response, json_response, send_response
from vimmerse.emulator.spec import KNOWN, OperationSpec, Schema, document, load, only_v1
from vimmerse.emulator.store import Store
from vimmerse.emulator.validation import check, gather, loosen, read_json_text
from vimmerse.emulator.values import JsonObject, as_object

ROUTES: dict[Version, Routes] = {
    "v1": {**stories.V1_ROUTES, **media.V1_ROUTES},
    "v2": {**stories.V2_ROUTES, **media.V2_ROUTES},
}
#: Where the OpenAPI documents are, which no version has. No key is needed.
SPECS: dict[str, Version] = {"/openapi.json": "v2", "/v2/openapi.json": "v2", "/v1/openapi.json": "v1"}
# Fields that accept listed values only, by setting.
_STRICT_VALUES = ("aspect_ratio", "language")
_STRICT_TOOLS = ("video_tool", "image_tool", "motion_type", "option")


Endpoint = Callable[[RecordedRequest, dict[str, str]], Response]  # the dict has the parameters of the path


class ApiEndpoint:
    """One operation: its checks, and its handler."""

    def __init__(self, store: Store, operation: Callable[[], OperationSpec], handler: Handler) -> None:
        self.store = store
        self._operation = operation
        self.handler = handler

    @cached_property
    def operation(self) -> OperationSpec:
        """The spec, which is read and prepared at the first call."""
        return self._operation()

    @cached_property
    def fields(self) -> set[str]:
        return {name for schema in self.operation.bodies.values() for name in schema.properties}

    def __call__(self, request: RecordedRequest, ids: dict[str, str]) -> Response:
        """Carry out a request; ``ids`` are the parameters of its path."""
        request.operation = self.operation.name
        key = request.header("x-api-key", "").strip()
        try:
            result = self._handle(request, ids, key)
        except RequestError as error:
            return self._error_response(error)
        except InvalidRequest as error:
            # The caller's key may have strayed into a field.
            return json_response({"detail": _redacted(error.errors, key) if key else error.errors}, 422)
        except UnreadableForm as error:
            return json_response({"detail": str(error)}, 400)
        return result if isinstance(result, Response) else json_response(result)

    def _handle(self, request: RecordedRequest, ids: dict[str, str], key: str) -> JsonObject | Response:
        store, body, allowed = self.store, request.content, self.store.settings.api_keys
        if self.operation.secured and (not key or (allowed is not None and key not in allowed)):
            raise RequestError(401, "UNAUTHORIZED", "The API key is missing or invalid.")
        if body.too_large:
            raise RequestError(413, "PAYLOAD_TOO_LARGE", "The upload is larger than the server accepts.")
        query = gather(parse_qsl(request.query, keep_blank_values=True), self.operation.query)
        check(query, self.operation.query, ("query",))
        validated = ValidatedRequest(
            version=self.operation.version,
            operation=self.operation.name,
            store=store,
            ids=ids,
            query=query,
            values=self._values(body),
            uploads=body.uploads,
        )
        with store.lock:
            store.tick()
            store.new_ids = []
            result = self.handler(validated)
            request.ids = tuple(store.new_ids)
            store.uploads.extend(body.uploads)
        return result

    def _error_response(self, error: RequestError) -> Response:
        if error.status == 400 and "400" not in self.operation.statuses:
            # The pages list no 400 for this call, but a 422.
            detail = field_error("value_error", ("body",), f"Value error, {error.message}", None)
            return json_response({"detail": [detail]}, 422)
        if self.operation.version == "v1":
            return json_response({"message": error.code}, error.status)
        return json_response({"message": error.message, "code": error.code}, error.status)

    def _values(self, body: RequestBody) -> JsonObject:
        """The body's fields by the types of the schema, without unknown ones."""
        values: JsonObject = {}
        for name, value in self._checked(body).items():
            if name in self.fields:
                # To JSON Schema 2.0 and 2 are the same integer.
                values[name] = int(value) if isinstance(value, float) and value.is_integer() else value
        for name, schema in self.operation.json_texts.items():
            if name in values:
                values[name] = read_json_text(values[name], schema, ("body", name))
        return values

    def _checked(self, body: RequestBody) -> JsonObject:
        bodies = self.operation.bodies
        if not bodies:
            return {}
        form = bodies.get("application/x-www-form-urlencoded") or bodies.get("multipart/form-data")
        json_schema = bodies.get("application/json")
        if body.kind in ("form", "multipart") and form is not None:
            return self._form(body, bodies.get(body.content_type.split(";")[0].strip().lower(), form))
        if body.kind == "none":
            return self._empty(json_schema, form)
        if body.kind == "json" and json_schema is not None:
            return self._json(body, json_schema)
        if body.kind != "json" and form is not None:
            # FastAPI reads a form's fields from nothing else: all of them are missing.
            return self._form(RequestBody(), form)
        raise _not_an_object(body.raw[:200].decode("utf-8", "replace"))

    def _empty(self, json_schema: Schema | None, form: Schema | None) -> JsonObject:
        if self.operation.body_required and self.operation.version == "v2" and form is None:
            raise InvalidRequest(missing_field(("body",), None))
        if schema := json_schema or form:
            check({}, schema, ("body",))
        return {}

    def _form(self, body: RequestBody, schema: Schema) -> JsonObject:
        if body.problem:
            raise UnreadableForm(body.problem)
        values = gather(body.fields, schema)
        # A file's bytes can't be checked as JSON: its name stands for it.
        present = dict(values)
        for upload in body.uploads:
            before, is_list = present.get(upload.field), schema.properties.get(upload.field, {}).get("type") == "array"
            names = [*(before if isinstance(before, list) else ()), upload.filename]
            present[upload.field] = names if is_list else upload.filename
        check(present, schema, ("body",))
        return values

    def _json(self, body: RequestBody, schema: Schema) -> JsonObject:
        if body.problem:
            place = ("body", body.problem_at)
            raise InvalidRequest(field_error("json_invalid", place, "JSON decode error", {}, error=body.problem))
        if not isinstance(body.json, dict):
            raise _not_an_object(body.json)
        is_v1 = self.operation.version == "v1"
        values = loosen(body.json, schema) if is_v1 else as_object(body.json)
        check(values, schema, ("body",))
        if not is_v1:
            _check_tools(values, schema)
        return values


def _not_an_object(value: object) -> InvalidRequest:
    message = "Input should be a valid dictionary or object to extract fields from"
    return InvalidRequest(field_error("model_attributes_type", ("body",), message, value))


def _check_tools(values: JsonObject, schema: Schema) -> None:
    """v2 refuses the tools that only v1 has. A name in neither list passes: v2 knows it, or will."""
    errors = [
        not_listed(schema.properties[name][KNOWN], value, ("body", name))
        for name in ("video_tool", "image_tool")
        # In another operation's body the field is unknown, and of any type.
        if name in schema.properties and isinstance(value := values.get(name), str) and value in only_v1()[name]
    ]
    if errors:
        raise InvalidRequest(*errors)


def _specification(version: Version, request: RecordedRequest, ids: dict[str, str]) -> Response:
    """The OpenAPI document of a version, whose server is this one."""
    return json_response({**document(version), "servers": [{"url": "/"}]})


def _redacted(value: object, key: str) -> object:
    """A JSON value with ``[key]`` for each occurrence of the key."""
    if isinstance(value, str):
        return value.replace(key, "[key]")
    if isinstance(value, list):
        return [_redacted(item, key) for item in value]
    if isinstance(value, dict):
        return {_redacted(name, key): _redacted(item, key) for name, item in value.items()}
    return value


def api(store: Store) -> Callable[[RecordedRequest], Response]:
    """The endpoints of both versions."""
    values, tools = store.settings.strict_values, store.settings.strict_tools
    strict = frozenset((_STRICT_VALUES if values else ()) + (_STRICT_TOOLS if tools else ()))

    def operation(version: Version, method: str, path: str) -> OperationSpec:
        return load(version, strict).operation(method, path)

    def v1_upload() -> OperationSpec:
        # v1's own upload takes v2's form and returns the same asset. It is published, but on neither page nor in v1's
        # spec.
        return replace(operation("v2", "POST", "/v2/image"), version="v1", path="/image")

    by_path: dict[str, dict[str, Endpoint]] = {path: {"GET": partial(_specification, of)} for path, of in SPECS.items()}
    by_path["/image"] = {"POST": ApiEndpoint(store, v1_upload, media.upload_image)}
    for version, routes in ROUTES.items():
        for (method, path), handler in routes.items():
            endpoint = ApiEndpoint(store, partial(operation, version, method, path), handler)
            is_media_update = (method, path) == ("PUT", "/v2/media/{media_id}")
            by_path.setdefault(path, {})[store.settings.media_update_method if is_media_update else method] = endpoint
    return Router(by_path)


class Router:
    """Endpoints by path template and method. Unknown paths and wrong methods get FastAPI's responses."""

    def __init__(self, by_path: Mapping[str, Mapping[str, Endpoint]]) -> None:
        # Fixed paths come before templates: /media/upload is no /media/{media_id}.
        self._by_path = sorted(by_path.items(), key=lambda item: "{" in item[0])

    def __call__(self, request: RecordedRequest) -> Response:
        path = unquote(request.path)
        endpoints, ids = self._find(path)
        if not endpoints:
            if path.endswith("/") and self._find(path.rstrip("/"))[0]:
                target = request.path.rstrip("/") + (f"?{request.query}" if request.query else "")
                return Response(307, {"Location": target, "Content-Length": "0"})
            return json_response({"detail": "Not Found"}, 404)
        endpoint = endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            allowed = {*endpoints, "HEAD"} if "GET" in endpoints else endpoints
            return json_response({"detail": "Method Not Allowed"}, 405, {"Allow": ", ".join(allowed)})
        return endpoint(request, ids)

    def _find(self, path: str) -> tuple[Mapping[str, Endpoint], dict[str, str]]:
        """The endpoints of a path, and its parameters."""
        for template, endpoints in self._by_path:
            ids = _parameters(template, path)
            if ids is not None:
                return endpoints, ids
        return {}, {}


def _parameters(template: str, path: str) -> dict[str, str] | None:
    names, steps = template.split("/"), path.split("/")
    if len(names) != len(steps):
        return None
    ids: dict[str, str] = {}
    for name, step in zip(names, steps, strict=True):
        if name.startswith("{") and step:
            ids[name[1:-1]] = step
        elif name != step:
            return None
    return ids


@dataclass
class RecordingApp:
    """The ASGI app of a server: records every request, then responds to it or simulates a fault."""

    respond: Callable[[RecordedRequest], Response]
    store: Store
    faults: Faults
    record: Callable[[RecordedRequest], None]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        record = RecordedRequest(
            method=scope["method"],
            # As it was sent: an encoded slash is not a slash.
            path=scope.get("raw_path", b"").decode("ascii", "replace") or scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"]),
        )
        self.record(record)
        settings = self.store.settings
        record.content = await read_body(
            receive, scope["headers"], keep=settings.keep_bytes, max_upload=settings.max_upload
        )
        if record.content.disconnected:
            return  # half a request is not carried out

        async def send_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
            await send(message)

        fault = self.faults.take(record.method, unquote(record.path))
        if fault is None:
            await send_response(self.respond(record), send_recorded)
            return
        record.fault = fault.kind
        transport = scope["state"]["transport"]
        if fault.kind in ALTERING:
            await alter_response(fault, self.respond(record), transport, receive, send_recorded)
        else:
            target = record.path + (f"?{record.query}" if record.query else "")
            location = fault.to or self.store.files.base_url + target
            await replace_response(fault, transport, receive, send_recorded, location=location)
