"""From an HTTP request to a handler and back: keys, bodies, validation, errors, records, faults."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from vimmerse.emulator import routes_v1, routes_v2, wire_v1, wire_v2
from vimmerse.emulator.bodies import Body, read_body
from vimmerse.emulator.calls import Answer, Call, Handler
from vimmerse.emulator.faults import Catcher, Fault, Faults, play_alone, play_on
from vimmerse.emulator.files import asynchronous
from vimmerse.emulator.models import JsonObject, Version
from vimmerse.emulator.records import RecordedRequest
from vimmerse.emulator.spec import Operation, Schema, load, only_v1, shape
from vimmerse.emulator.store import Refused, Store
from vimmerse.emulator.validation import (
    Invalid,
    check,
    check_at_most,
    error,
    gather,
    loosen,
    not_listed,
    strict_fields,
    whole_numbers,
)

# ASGI's own types.
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

TRANSPORT = "vimmerse.transport"  # in the scope: the connection, for the faults
_BODY = "vimmerse.body"
_RECORD = "vimmerse.record"

ROUTES: dict[Version, dict[tuple[str, str], Handler]] = {"v1": routes_v1.ROUTES, "v2": routes_v2.ROUTES}


@dataclass(frozen=True)
class _Endpoint:
    """One operation, as Starlette calls it."""

    store: Store
    operation: Operation
    handler: Handler

    async def __call__(self, request: Request) -> Response:
        record: RecordedRequest = request.scope[_RECORD]
        body: Body = request.scope[_BODY]
        record.operation = self.operation.name
        version = self.operation.version
        try:
            self._check_key(request)
            if body.too_large:
                raise Refused(413, "PAYLOAD_TOO_LARGE", "The upload is larger than the server takes.")
            call = Call(
                version=version,
                operation=self.operation.name,
                store=self.store,
                ids={name: str(value) for name, value in request.path_params.items()},
                query=self._query(request),
                values=self._values(body),
                uploads=body.uploads,
            )
            with self.store.lock:
                self.store.tick()
                answer = self.handler(call)
            with self.store.lock:
                self.store.uploads.extend(body.uploads)
        except Refused as refused:
            answer = self._refusal(refused)
        except Invalid as invalid:
            answer = Answer({"detail": self._redacted(invalid.errors, request)}, 422)
        if answer.file is not None:
            length = {"Content-Length": str(answer.file.size), "Content-Type": answer.content_type}
            return StreamingResponse(asynchronous(answer.file.chunks()), 200, length | dict(answer.headers))
        content = answer.body()
        # Starlette's Response would add a charset to JSON; FastAPI's answers have none.
        return Response(content, answer.status, {"Content-Type": answer.content_type, **answer.headers})

    def _refusal(self, refused: Refused) -> Answer:
        if refused.status == 400 and "400" not in self.operation.statuses:
            # The pages have no Bad Request for this call; a Validation Error they do have.
            return Answer({"detail": [error("value_error", ("body",), f"Value error, {refused.message}", None)]}, 422)
        shown = wire_v1 if self.operation.version == "v1" else wire_v2
        return Answer(shown.refusal(refused.code, refused.message), refused.status)

    def _check_key(self, request: Request) -> None:
        if not self.operation.secured:
            return
        key = request.headers.get("x-api-key", "").strip()
        allowed = self.store.settings.api_keys
        if not key or (allowed is not None and key not in allowed):
            raise Refused(401, "UNAUTHORIZED", "The API key is missing or invalid.")

    def _redacted(self, errors: list[JsonObject], request: Request) -> object:
        """The errors without the caller's key, wherever it may have strayed to."""
        key = request.headers.get("x-api-key", "").strip()
        return _without(errors, key) if key else errors

    def _query(self, request: Request) -> JsonObject:
        if not self.operation.query:
            return {}
        properties: JsonObject = {name: one.definition for name, one in self.operation.query.items()}
        schema = Schema({"type": "object", "properties": properties, "required": sorted(self.operation.query_required)})
        values = gather(request.query_params.multi_items(), schema)
        check(values, schema, ("query",))
        return values

    def _strict(self) -> frozenset[str]:
        settings = self.store.settings
        return strict_fields(values=settings.strict_values, tools=settings.strict_tools)

    def _values(self, body: Body) -> JsonObject:
        """The body's fields, checked against the schema of its media type and the settings; no unknown ones."""
        known = {name for schema in self.operation.bodies.values() for name in schema.properties}
        values = {name: value for name, value in whole_numbers(self._checked(body)).items() if name in known}
        most = self.store.settings.max_scenes
        check_at_most(values, "scene_count", most)
        return values

    def _checked(self, body: Body) -> JsonObject:
        bodies = self.operation.bodies
        if not bodies:
            return {}
        form = bodies.get("application/x-www-form-urlencoded") or bodies.get("multipart/form-data")
        if body.kind in ("form", "multipart") and form is not None:
            return self._form(body, bodies.get(body.content_type.split(";")[0].strip().lower(), form))
        schema = bodies.get("application/json")
        if body.kind == "none":
            return self._nothing(schema or form)
        if body.kind == "json" and schema is not None:
            return self._json(body, schema)
        if form is not None and body.kind != "json":
            # FastAPI reads a form's fields from nothing else: all of them are missing.
            return self._form(Body(), form)
        shown = body.raw[:200].decode("utf-8", "replace")
        message = "Input should be a valid dictionary or object to extract fields from"
        raise Invalid([error("model_attributes_type", ("body",), message, shown)])

    def _nothing(self, schema: Schema | None) -> JsonObject:
        if self.operation.body_required and self.operation.version == "v2":
            if "multipart/form-data" in self.operation.bodies:
                return self._form(Body(), self.operation.bodies["multipart/form-data"])
            raise Invalid([error("missing", ("body",), "Field required", None)])
        if schema is not None:
            check({}, schema, ("body",))
        return {}

    def _form(self, body: Body, schema: Schema) -> JsonObject:
        if body.problem:
            raise HTTPException(400, body.problem)
        values = gather(body.fields, schema)
        # A file's bytes can't be checked as JSON: its name stands for it.
        present: JsonObject = dict(values)
        for upload in body.uploads:
            kind = schema.properties.get(upload.field, {}).get("type")
            if kind == "array":
                found = present.get(upload.field)
                present[upload.field] = [*(found if isinstance(found, list) else ()), upload.filename]
            else:
                present[upload.field] = upload.filename
        check(present, schema, ("body",), strict=self._strict())
        return values

    def _json(self, body: Body, schema: Schema) -> JsonObject:
        if body.problem:
            place: tuple[str | int, ...] = ("body", body.problem_at)
            raise Invalid([error("json_invalid", place, "JSON decode error", {}, error=body.problem)])
        if not isinstance(body.json, dict):
            message = "Input should be a valid dictionary or object to extract fields from"
            raise Invalid([error("model_attributes_type", ("body",), message, body.json)])
        values: JsonObject = body.json
        if self.operation.version == "v1":
            values = loosen(values, schema)
        check(values, schema, ("body",), strict=self._strict())
        if self.operation.version == "v2":
            _check_tools(values, schema)
        return values


def _check_tools(values: JsonObject, schema: Schema) -> None:
    """v2 refuses the tools that only v1 has. A name in neither list passes: v2 knows it, or will."""
    errors = [
        not_listed(schema.known(name), value, ("body", name))
        for name, tools in only_v1().items()
        # In another operation's body the field is an unknown one, of any type.
        if name in schema.properties and isinstance(value := values.get(name), str) and value in tools
    ]
    if errors:
        raise Invalid(errors)


def _without(value: object, key: str) -> object:
    """A JSON value with ``[key]`` for each occurrence of a text."""
    if isinstance(value, str):
        return value.replace(key, "[key]")
    if isinstance(value, list):
        return [_without(one, key) for one in value]
    if isinstance(value, dict):
        return {_without(name, key): _without(one, key) for name, one in value.items()}
    return value


async def _http_error(request: Request, failure: Exception) -> Response:
    """Unknown paths and wrong verbs, as FastAPI answers them."""
    found = failure if isinstance(failure, HTTPException) else HTTPException(500)
    content = json.dumps({"detail": found.detail}).encode()
    return Response(content, found.status_code, {"Content-Type": "application/json", **(found.headers or {})})


def api(store: Store) -> Application:
    """The Starlette app of both versions."""
    routes: list[Route] = []
    for version, table in ROUTES.items():
        spec = load(version)
        for (method, path), handler in table.items():
            operation = spec.operations[method, shape(path)]
            if version == "v2" and (method, path) == ("PUT", "/v2/media/{media_id}"):
                method = store.settings.media_update_method
            endpoint = _Endpoint(store, operation, handler)
            routes.append(Route(path, endpoint.__call__, methods=[method]))
    # v1's own upload takes v2's form and answers the same asset. It is published, and on neither page nor in v1's spec.
    upload = replace(load("v2").operations["POST", "/v2/image"], version="v1", path="/image")
    routes.append(Route("/image", _Endpoint(store, upload, routes_v2.upload_image_v1).__call__, methods=["POST"]))
    handlers = {HTTPException: _http_error}
    app = Starlette(routes=_by_path(routes), exception_handlers=cast("Any", handlers))
    return cast(Application, app)


def _by_path(routes: Iterable[Route]) -> list[Route]:
    """One route a path, for all its verbs: then a wrong verb is answered with 405 and the right ones."""
    grouped: dict[str, dict[str, Route]] = {}
    for route in routes:
        for method in route.methods or ():
            if method != "HEAD":
                grouped.setdefault(route.path, {})[method] = route
    # Fixed paths before templates: /media/upload is no /media/{media_id}.
    ordered = sorted(grouped.items(), key=lambda item: ("{" in item[0], item[0]))
    return [Route(path, _switch(table), methods=list(table)) for path, table in ordered]


def _switch(table: dict[str, Route]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        found = cast("Callable[[Request], Awaitable[Response]]", table[method].endpoint)
        return await found(request)

    return endpoint


def files(store: Store) -> Application:
    """The Starlette app of the result files."""
    routes = [Route("/{path:path}", store.files.serve, methods=["GET"])]
    return cast(Application, Starlette(routes=routes))


class Front:
    """The outermost app of a server: records every request, then plays a fault or lets the app answer."""

    def __init__(self, app: Application, store: Store, faults: Faults, note: Callable[[RecordedRequest], None]) -> None:
        self.app = app
        self.store = store
        self.faults = faults
        self.note = note

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        record = RecordedRequest(
            method=scope["method"],
            # As it was sent: an encoded slash is not a slash.
            path=scope.get("raw_path", b"").decode("ascii", "replace") or scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"]),
        )
        self.note(record)
        settings = self.store.settings
        body = await read_body(receive, scope["headers"], keep=settings.keep_bytes, max_upload=settings.max_upload)
        record.content = body
        if body.cut_off:
            return  # nobody waits for an answer, and half a request is not carried out

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
            await send(message)

        fault = self.faults.take(record.method, unquote(record.path))
        if fault is None:
            await self._answer(scope, receive, noting, record, body)
            return
        record.fault = fault.kind
        await self._play(fault, scope, receive, noting, record, body)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, record: RecordedRequest, body: Body) -> None:
        scope[_RECORD], scope[_BODY] = record, body
        await self.app(scope, receive, send)

    async def _play(
        self,
        fault: Fault,
        scope: Scope,
        receive: Receive,
        send: Send,
        record: RecordedRequest,
        body: Body,
    ) -> None:
        transport: asyncio.Transport = scope[TRANSPORT]
        if fault.needs_answer:
            caught = Catcher()
            await self._answer(scope, receive, caught, record, body)
            await play_on(fault, caught, transport, receive, send)
        else:
            target = record.path + (f"?{record.query}" if record.query else "")
            elsewhere = self.store.files.base_url
            await play_alone(fault, transport, receive, send, path=target, elsewhere=elsewhere)
