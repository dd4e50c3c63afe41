"""How these tests call the generated clients: each operation in each of its four ways, over a transport of the test."""

from __future__ import annotations

import asyncio
import inspect
import json
import typing
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from types import ModuleType
from typing import Any

import attrs
import httpx
from vimmerse import v1, v2

KEY = "a-secret-key-0123456789"
WAYS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
RAISING = ("sync", "asyncio")
DETAILED = ("sync_detailed", "asyncio_detailed")

Handler = Callable[[httpx.Request], httpx.Response]


def finish(result: Any) -> Any:
    """The result itself, or what the coroutine gives."""
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def call(module: ModuleType, way: str, *ids: Any, **arguments: Any) -> Any:
    return finish(getattr(module, way)(*ids, **arguments))


def client(handler: Handler, package: Any = v2, **settings: Any) -> Any:
    """A client whose sync and async calls are answered by ``handler``."""
    transport = httpx.MockTransport(handler)
    given: dict[str, Any] = {"token": KEY, "transport": transport, "async_transport": transport}
    return package.AuthenticatedClient(**given | settings)


class Recorder:
    """Answers every request alike, and keeps the requests."""

    def __init__(self, status: int = 200, json: object = None, **response: Any) -> None:
        self.requests: list[httpx.Request] = []
        self._response: dict[str, Any] = {"status_code": status, **response}
        if not response:
            self._response["json"] = {} if json is None else json

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(**self._response)

    @property
    def request(self) -> httpx.Request:
        (request,) = self.requests
        return request


def operations(package: Any) -> Iterator[tuple[str, ModuleType]]:
    for tag in package.api.__all__:
        for name in getattr(package.api, tag).__all__:
            yield f"{tag}.{name}", import_module(f"{package.__name__}.api.{tag}.{name}")


def specification(package: Any) -> Any:
    """The OpenAPI document that the package carries."""
    return json.loads(files(package).joinpath("openapi.json").read_text("utf-8"))


def operation_call(package: Any, module: ModuleType) -> tuple[str, str]:
    """Verb and path of an operation, as the specification has them."""
    name = module.__name__.rpartition(".")[2]
    return next(
        (method.upper(), path)
        for path, item in specification(package)["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and operation["operationId"] == name
    )


def sample_arguments(module: ModuleType) -> dict[str, Any]:
    """The least that a call of this operation takes, the client excepted."""
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(module._get_kwargs).parameters.items():
        if name == "body":
            arguments[name] = sample_body(parameter.annotation)
        elif parameter.default is parameter.empty:
            arguments[name] = "an-id"
    return arguments


def sample_body(annotation: Any) -> Any:
    model = next(part for part in (*typing.get_args(annotation), annotation) if attrs.has(part))
    types = import_module(model.__module__.rsplit(".", 2)[0] + ".types")
    return model(
        **{
            field.name: types.File(BytesIO(b"content")) if field.type == "File" else "x"
            for field in attrs.fields(model)
            if field.init and field.default is attrs.NOTHING
        }
    )


ALL = [(package, name, module) for package in (v1, v2) for name, module in operations(package)]
ALL_NAMES = [f"{package.__name__.rpartition('.')[2]}.{name}" for package, name, _ in ALL]
