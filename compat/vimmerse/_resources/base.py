"""The base of the resources. A method makes a request, and ``_send`` does with it what the resource was made for.

That is to send it (``send``), to send it and return the complete response (``send_raw``), or only to estimate its price
(``vimmerse._resources.client``): the request is the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Mapping
from inspect import isawaitable, signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from vimmerse._http.types import RequestOptions

if TYPE_CHECKING:
    from vimmerse._http.operations import ApiOperation
    from vimmerse._http.types import Response
    from vimmerse.v2.client import AuthenticatedClient

    #: What becomes of a request: client, operation, request, options.
    Send = Callable[[AuthenticatedClient, ApiOperation[Any, Any], Mapping[str, Any], RequestOptions], Any]

T = TypeVar("T")
P = ParamSpec("P")


def send(
    client: AuthenticatedClient, operation: ApiOperation[T, Any], request: Mapping[str, Any], options: RequestOptions
) -> T:
    return operation.sync(client, request, **options)


def send_raw(
    client: AuthenticatedClient, operation: ApiOperation[T, Any], request: Mapping[str, Any], options: RequestOptions
) -> Response[T]:
    return operation.sync_raw(client, request, **options)


async def send_async(
    client: AuthenticatedClient, operation: ApiOperation[T, Any], request: Mapping[str, Any], options: RequestOptions
) -> T:
    return await operation.asyncio(client, request, **options)


async def send_raw_async(
    client: AuthenticatedClient, operation: ApiOperation[T, Any], request: Mapping[str, Any], options: RequestOptions
) -> Response[T]:
    return await operation.asyncio_raw(client, request, **options)


class AnyResource:
    """Operations of the API as methods, for either client."""

    def __init__(self, client: AuthenticatedClient, perform: Send) -> None:
        self._client = client
        self._perform = perform

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client!r})"

    def _performing(self, perform: Send) -> AnyResource:
        """The same resource, which does something else with its requests."""
        return type(self)(self._client, perform)

    def _unexpected(self, name: str, method: str) -> TypeError:
        """The error of Python for an argument that a method does not have: its options take any name."""
        from difflib import get_close_matches

        parameters = [each for each in signature(getattr(self, method)).parameters if each != "options"]
        similar = get_close_matches(name, [*parameters, *RequestOptions.__annotations__], 1)
        hint = f"; did you mean {similar[0]!r}?" if similar else ""
        return TypeError(f"{method}() got an unexpected keyword argument {name!r}{hint}")


class Resource(AnyResource):
    """Operations of the API as methods."""

    def __init__(self, client: AuthenticatedClient, perform: Send = send) -> None:
        super().__init__(client, perform)

    def _send(self, operation: ApiOperation[T, Any], request: Mapping[str, Any], options: RequestOptions) -> T:
        if options and (unknown := options.keys() - RequestOptions.__annotations__):
            raise self._unexpected(min(unknown), sys._getframe(1).f_code.co_name)
        result: T = self._perform(self._client, operation, request, options)
        return result


class AsyncResource(AnyResource):
    """Operations of the API as coroutine functions."""

    def __init__(self, client: AuthenticatedClient, perform: Send = send_async) -> None:
        super().__init__(client, perform)

    async def _send(self, operation: ApiOperation[T, Any], request: Mapping[str, Any], options: RequestOptions) -> T:
        if options and (unknown := options.keys() - RequestOptions.__annotations__):
            raise self._unexpected(min(unknown), sys._getframe(1).f_code.co_name)
        result = self._perform(self._client, operation, request, options)
        if isawaitable(result):
            result = await result
        return cast(T, result)


def raw(method: Callable[P, T]) -> Callable[P, Response[T]]:
    """The type of a method whose resource sends with ``send_raw``."""
    return cast("Callable[P, Response[T]]", method)


def raw_async(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, Response[T]]]:
    """The type of a method whose resource sends with ``send_raw_async``."""
    return cast("Callable[P, Coroutine[Any, Any, Response[T]]]", method)
