"""Helpers that call the generated clients: each operation by each of its four functions, over a mock transport."""

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
VARIANTS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
RAISING = ("sync", "asyncio")
DETAILED = ("sync_detailed", "asyncio_detailed")

Handler = Callable[[httpx.Request], httpx.Response]


def resolve(result: Any) -> Any:
    """Return the result, or that of the coroutine."""
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def call(module: ModuleType, variant: str, *ids: Any, **arguments: Any) -> Any:
    return resolve(getattr(module, variant)(*ids, **arguments))


def make_client(handler: Handler, package: Any = v2, **settings: Any) -> Any:
    """Return a client whose sync and async calls are handled by ``handler``."""
    transport = httpx.MockTransport(handler)
    arguments: dict[str, Any] = {"token": KEY, "transport": transport, "async_transport": transport}
    return package.AuthenticatedClient(**arguments | settings)


class Recorder:
    """Give every request the same response, and keep the requests."""

    def __init__(self, status: int = 200, json: object = None, **response: Any) -> None:
        self.requests: list[httpx.Request] = []
        self.response: dict[str, Any] = {"status_code": status, **response}
        if not response:
            self.response["json"] = {"id": "an-id", "status": "new"} if json is None else json

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(**self.response)

    @property
    def request(self) -> httpx.Request:
        (request,) = self.requests
        return request


def operations(package: Any) -> Iterator[tuple[str, ModuleType]]:
    for tag in package.api.__all__:
        for name in getattr(package.api, tag).__all__:
            yield f"{tag}.{name}", import_module(f"{package.__name__}.api.{tag}.{name}")


def specification(package: Any) -> Any:
    """Return the OpenAPI document that the package ships."""
    return json.loads(files(package).joinpath("openapi.json").read_text("utf-8"))


def method_and_path(package: Any, module: ModuleType) -> tuple[str, str]:
    """Return the HTTP method and the path of an operation, from the specification."""
    name = module.__name__.rpartition(".")[2]
    return next(
        (method.upper(), path)
        for path, item in specification(package)["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and operation["operationId"] == name
    )


def sample_arguments(module: ModuleType) -> dict[str, Any]:
    """Return the required arguments of an operation except for the client."""
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(module.sync_detailed).parameters.items():
        if name in ("client", "options"):
            continue
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
            field.name: {"File": types.File(BytesIO(b"content")), "list[str]": ["x"]}.get(str(field.type), "x")
            for field in attrs.fields(model)
            if field.init and field.default is attrs.NOTHING
        }
    )


ALL = [(package, name, module) for package in (v1, v2) for name, module in operations(package)]
ALL_NAMES = [f"{package.__name__.rpartition('.')[2]}.{name}" for package, name, _ in ALL]
