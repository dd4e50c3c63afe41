"""What the modules of the operations share: sending a call, and parsing the response."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, Unpack, cast

from vimmerse._http import retries
from vimmerse._http.calls import Call
from vimmerse._http.errors import UNREADABLE, json_object, request_id, secrets_of
from vimmerse._http.models import choose
from vimmerse._http.types import File, RequestOptions, Response

if TYPE_CHECKING:
    import httpx
    from vimmerse._http.client import BaseClient

SuccessT = TypeVar("SuccessT")
FailureT = TypeVar("FailureT")
R = TypeVar("R")
Types: TypeAlias = Mapping[str, type[R] | tuple[type[R], ...]]


class ApiOperation(Generic[SuccessT, FailureT]):
    """An operation of the API, and the ways to call it.

    ``method``: in upper case. ``template``: its path, with ``{names}`` of ids.
    ``successes``, ``failures``: the type of each documented response, by its key in the specification: a status
    (``404``), a range (``4XX``) or ``default``. The type is a generated model, several of them, or :class:`File`.

    The ``request`` of a call holds arguments of ``httpx.Client.request`` (``params``, ``json``, ...), and the ids that
    the template names as ``path``. The ``options`` are :class:`RequestOptions`.
    """

    def __init__(
        self,
        method: str,
        template: str,
        successes: Types[SuccessT],
        failures: Types[FailureT],
    ) -> None:
        self.method = method
        self.template = template
        self._successes = successes
        self._failures = failures

    def returning(self, model: type[SuccessT]) -> "ApiOperation[SuccessT, FailureT]":
        """Return the same operation, whose success is this one of its models."""
        return ApiOperation(self.method, self.template, dict.fromkeys(self._successes, model), self._failures)

    def sync(self, client: "BaseClient", request: Mapping[str, Any], **options: Unpack[RequestOptions]) -> SuccessT:
        """Send a call; raise ``ApiError`` unless it succeeds."""
        return self._result(*self._send(client, request, options))

    def sync_raw(
        self, client: "BaseClient", request: Mapping[str, Any], **options: Unpack[RequestOptions]
    ) -> Response[SuccessT]:
        """Send a call and return the complete response; raise ``ApiError`` unless it succeeds."""
        response, call = self._send(client, request, options)
        return _complete(response, call, self._result(response, call))

    def sync_detailed(
        self, client: "BaseClient", request: Mapping[str, Any], **options: Unpack[RequestOptions]
    ) -> Response[SuccessT | FailureT | None]:
        """Send a call and return the complete response, also if it is an error."""
        response, call = self._send(client, request, options)
        return _complete(response, call, self._parse_or_none(response))

    async def asyncio(
        self, client: "BaseClient", request: Mapping[str, Any], **options: Unpack[RequestOptions]
    ) -> SuccessT:
        """Like :meth:`sync`."""
        return self._result(*await self._send_async(client, request, options))

    async def asyncio_raw(
        self, client: "BaseClient", request: Mapping[str, Any], **options: Unpack[RequestOptions]
    ) -> Response[SuccessT]:
        """Like :meth:`sync_raw`."""
        response, call = await self._send_async(client, request, options)
        return _complete(response, call, self._result(response, call))

    async def asyncio_detailed(
        self, client: "BaseClient", request: Mapping[str, Any], **options: Unpack[RequestOptions]
    ) -> Response[SuccessT | FailureT | None]:
        """Like :meth:`sync_detailed`."""
        response, call = await self._send_async(client, request, options)
        return _complete(response, call, self._parse_or_none(response))

    def _send(
        self, client: "BaseClient", request: Mapping[str, Any], options: RequestOptions
    ) -> "tuple[httpx.Response, Call]":
        call = Call(self.method, self.template, client, request, options)
        http = client.get_httpx_client()
        while True:
            attempt = call.next_request(http)
            try:
                with call.span() as span:
                    response = http.send(attempt)
                    span.set_response(response.status_code, response.headers, response.content)
            except BaseException as error:
                delay = call.after_error(error)
                if delay is None:
                    raise
            else:
                delay = call.after_response(response)
                if delay is None:
                    return response, call
            retries.sleep(delay)

    async def _send_async(
        self, client: "BaseClient", request: Mapping[str, Any], options: RequestOptions
    ) -> "tuple[httpx.Response, Call]":
        call = Call(self.method, self.template, client, request, options)
        http = client.get_async_httpx_client()
        while True:
            attempt = call.next_request(http)
            try:
                with call.span() as span:
                    response = await http.send(attempt)
                    span.set_response(response.status_code, response.headers, response.content)
            except BaseException as error:
                delay = call.after_error(error)
                if delay is None:
                    raise
            else:
                delay = call.after_response(response)
                if delay is None:
                    return response, call
            await retries.sleep_async(delay)

    def _result(self, response: "httpx.Response", call: Call) -> SuccessT:
        if response.is_success:
            try:
                result = _parse(self._successes, response)
            except UNREADABLE as error:
                raise call.error(response) from error
            if result is not None:
                return result
        raise call.error(response, self._parse_or_none(response))

    def _parse_or_none(self, response: "httpx.Response") -> SuccessT | FailureT | None:
        try:
            if response.is_success:
                return _parse(self._successes, response)
            return _parse(self._failures, response)
        except UNREADABLE:
            return None


def _complete(response: "httpx.Response", call: Call, parsed: R) -> Response[R]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
        request_id=request_id(response.headers, secrets_of(response)),
        attempts=call.attempts,
    )


def _parse(types: Types[R], response: "httpx.Response") -> R | None:
    """Return the body as the type that is documented for the status, or None if none is."""
    status = str(response.status_code)
    documented: Any = types.get(status) or types.get(f"{status[0]}XX") or types.get("default")
    if documented is None:
        return None
    if documented is File:
        if response.headers.get("content-type", "").lower().startswith("text/html"):
            raise TypeError("the documented response is a file, not a web page")
        return cast(R, File(payload=BytesIO(response.content)))
    body = json_object(response)
    model = choose(documented, body) if isinstance(documented, tuple) else documented
    return cast(R, model.from_dict(body))


def query(values: Mapping[str, Any], comma_separated: Sequence[str] = ()) -> dict[str, Any]:
    """Return the parameters that are given.

    ``comma_separated``: lists that are one value, which ``explode: false`` requires, or none if they are empty.

    Raises:
        TypeError: one of those is no list.
    """
    given = {name: value for name, value in values.items() if value is not None}
    for name in comma_separated:
        items = given.pop(name, ())
        if isinstance(items, str | bytes) or not isinstance(items, Iterable):
            raise TypeError(f"{name} must be a list, not {'text' if isinstance(items, str) else type(items).__name__}")
        if items:
            given[name] = ",".join(map(str, items))
    return given


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
    if not required and body is None:
        return {}
    expected = " or ".join(model.__name__ for model in types)
    raise TypeError(f"body must be {expected}, not {type(body).__module__}.{type(body).__name__}")
