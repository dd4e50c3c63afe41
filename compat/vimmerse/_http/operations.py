"""What the modules of the operations share: building the request, sending it, parsing the response."""

import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, cast

from vimmerse._http.errors import UNREADABLE, from_response, json_object
from vimmerse._http.types import File, Response, Unset, path_segment

if TYPE_CHECKING:
    import httpx
    from vimmerse._http.client import BaseClient

SuccessT = TypeVar("SuccessT")
FailureT = TypeVar("FailureT")
P = ParamSpec("P")
R = TypeVar("R")


class ApiOperation(Generic[SuccessT, FailureT]):
    """The documented responses of an operation, and the four ways to call it.

    ``successes``, ``failures``: the type of each documented response, by its key in the specification: a status
    (``404``), a range (``4XX``) or ``default``. The type is a generated model or :class:`File`.
    """

    def __init__(self, successes: Mapping[str, type[SuccessT]], failures: Mapping[str, type[FailureT]]) -> None:
        self._successes = successes
        self._failures = failures

    def sync(self, client: "BaseClient", request: Mapping[str, Any]) -> SuccessT:
        """Send a request, given as the arguments of ``httpx.Client.request``; raise ``ApiError`` unless it succeeds."""
        return self._result(client.get_httpx_client().request(**request))

    def sync_detailed(self, client: "BaseClient", request: Mapping[str, Any]) -> Response[SuccessT | FailureT]:
        """Send a request and return the complete response."""
        return self._response(client.get_httpx_client().request(**request))

    async def asyncio(self, client: "BaseClient", request: Mapping[str, Any]) -> SuccessT:
        """Like :meth:`sync`."""
        return self._result(await client.get_async_httpx_client().request(**request))

    async def asyncio_detailed(self, client: "BaseClient", request: Mapping[str, Any]) -> Response[SuccessT | FailureT]:
        """Like :meth:`sync_detailed`."""
        return self._response(await client.get_async_httpx_client().request(**request))

    def _result(self, response: "httpx.Response") -> SuccessT:
        if response.is_success:
            try:
                result = _parse(self._successes, response)
            except UNREADABLE as error:
                raise from_response(response) from error
            if result is not None:
                return result
        raise from_response(response, self._parse_or_none(response))

    def _response(self, response: "httpx.Response") -> Response[SuccessT | FailureT]:
        return Response(
            status_code=response.status_code,
            content=response.content,
            headers=response.headers,
            parsed=self._parse_or_none(response),
        )

    def _parse_or_none(self, response: "httpx.Response") -> SuccessT | FailureT | None:
        try:
            if response.is_success:
                return _parse(self._successes, response)
            return _parse(self._failures, response)
        except UNREADABLE:
            return None


def _parse(types: Mapping[str, type[R]], response: "httpx.Response") -> R | None:
    """Return the body as the type that is documented for the status, or None if none is."""
    status = str(response.status_code)
    documented: Any = types.get(status) or types.get(f"{status[0]}XX") or types.get("default")
    if documented is None:
        return None
    if documented is File:
        if response.headers.get("content-type", "").lower().startswith("text/html"):
            raise TypeError("the documented response is a file, not a web page")
        return cast(R, File(payload=BytesIO(response.content)))
    return cast(R, documented.from_dict(json_object(response)))


def expand_path(template: str, **values: object) -> str:
    """Return a path with its ids filled in, each as one segment.

    Raises:
        ValueError: a value is not an id.
    """
    return template.format_map({name: path_segment(name, value) for name, value in values.items()})


def comma_separated(name: str, values: Sequence[object] | Unset) -> dict[str, str]:
    """Return a list as the single query parameter that ``explode: false`` requires; nothing for an empty list."""
    if isinstance(values, str):
        raise TypeError(f"{name} must be a list, not text")
    return {name: ",".join(map(str, values))} if values else {}


def request_body(body: Any, types: Mapping[type[Any], str], *, required: bool = True) -> dict[str, Any]:
    """Return a body as an argument of ``httpx.Client.request``.

    ``types``: the models that the operation accepts, and the argument for each: ``json``, ``data`` (a form) or
    ``files`` (a multipart form).

    Raises:
        TypeError: the body is none of these models.
    """
    for model, argument in types.items():
        if isinstance(body, model):
            return {argument: body.to_multipart() if argument == "files" else body.to_dict()}
    if not required and isinstance(body, Unset):
        return {}
    expected = " or ".join(model.__name__ for model in types)
    raise TypeError(f"body must be {expected}, not {type(body).__module__}.{type(body).__name__}")


def deprecated(message: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that each call gives a ``DeprecationWarning`` at the caller's line.

    A coroutine function warns when it is called, not when its coroutine runs: a task runs it from the event loop, where
    the caller's line is no longer known.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return function(*args, **kwargs)

        return wrapper

    return decorate
