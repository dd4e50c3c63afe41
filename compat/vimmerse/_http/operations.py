"""What the modules of the operations share: building the request, sending it, parsing the response."""

import functools
import logging
import random
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, Unpack, cast

from vimmerse._http import API_KEY_HEADER, logs, retries
from vimmerse._http.errors import UNREADABLE, ApiError, from_response, json_object, request_id
from vimmerse._http.types import File, RequestOptions, Response, Unset, path_segment

if TYPE_CHECKING:
    import httpx
    from vimmerse._http.client import BaseClient

SuccessT = TypeVar("SuccessT")
FailureT = TypeVar("FailureT")
P = ParamSpec("P")
R = TypeVar("R")


class ApiOperation(Generic[SuccessT, FailureT]):
    """An operation of the API, and the ways to call it.

    ``method``: in upper case. ``template``: its path, with ``{names}`` of ids.
    ``successes``, ``failures``: the type of each documented response, by its key in the specification: a status
    (``404``), a range (``4XX``) or ``default``. The type is a generated model or :class:`File`.

    The ``request`` of a call holds arguments of ``httpx.Client.request`` (``params``, ``json``, ...), and the ids that
    the template names as ``path``. The ``options`` are :class:`RequestOptions`.
    """

    def __init__(
        self,
        method: str,
        template: str,
        successes: Mapping[str, type[SuccessT]],
        failures: Mapping[str, type[FailureT]],
    ) -> None:
        self.method = method
        self.template = template
        self._successes = successes
        self._failures = failures

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
        send = client.get_httpx_client().request
        while True:
            call.begin_attempt()
            try:
                response = send(**call.arguments)
            except BaseException as error:
                delay = call.delay_after_error(error)
                if delay is None:
                    raise
            else:
                delay = call.delay_after_response(response)
                if delay is None:
                    return response, call
            retries.sleep(delay)

    async def _send_async(
        self, client: "BaseClient", request: Mapping[str, Any], options: RequestOptions
    ) -> "tuple[httpx.Response, Call]":
        call = Call(self.method, self.template, client, request, options)
        send = client.get_async_httpx_client().request
        while True:
            call.begin_attempt()
            try:
                response = await send(**call.arguments)
            except BaseException as error:
                delay = call.delay_after_error(error)
                if delay is None:
                    raise
            else:
                delay = call.delay_after_response(response)
                if delay is None:
                    return response, call
            await retries.sleep_async(delay)

    def _result(self, response: "httpx.Response", call: "Call") -> SuccessT:
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


class Call:
    """One call: what is sent, how many attempts were made, and whether another one follows."""

    def __init__(
        self, method: str, template: str, client: "BaseClient", request: Mapping[str, Any], options: RequestOptions
    ) -> None:
        path: Mapping[str, object] = request.get("path", {})
        self.method = method
        self.template = template
        self.arguments: dict[str, Any] = {
            **request,
            "method": method,
            "url": expand_path(template, **path) if path else template,
        }
        self.arguments.pop("path", None)
        self.job_id = str(next(iter(path.values()))) if path else None
        self.retries = client.retry_settings
        self.attempts = 0
        self._started = 0.0
        if options:
            self._apply(options)

    def _apply(self, options: RequestOptions) -> None:
        unknown = options.keys() - RequestOptions.__annotations__
        if unknown:
            raise TypeError(f"got an unexpected keyword argument {min(unknown)!r}")
        if "timeout" in options:
            self.arguments["timeout"] = options["timeout"]
        self.retries = retries.RetrySettings.of(
            options.get("max_retries", self.retries.max_retries),
            options.get("retry_refused", self.retries.retry_refused),
        )
        headers = dict(options.get("extra_headers") or {})
        if any(name.lower() == API_KEY_HEADER.lower() for name in headers):
            raise ValueError(f"extra_headers must not hold {API_KEY_HEADER}: create a client with the other key")
        self.arguments["headers"] = {name: headers[name] for name in headers if name.lower() != "content-type"}
        if fields := options.get("extra_body"):
            body = self.arguments.get("json")
            if not isinstance(body, dict):
                raise TypeError(f"extra_body: {self.method} {self.template} has no JSON body here")
            repeated = cast(dict[str, object], body).keys() & fields.keys()
            if repeated:
                raise TypeError(f"extra_body repeats {min(repeated)!r}, which the body has already")
            self.arguments["json"] = {**body, **fields}

    def begin_attempt(self) -> None:
        self.attempts += 1
        self._started = time.perf_counter()

    def delay_after_response(self, response: "httpx.Response") -> float | None:
        """Return the seconds until the next attempt, or None if there is to be none."""
        delay = self._delay(response.status_code, response.headers, redirected=bool(response.history))
        if logs.logger.isEnabledFor(logging.INFO):
            self._log(delay, status=response.status_code, request_id=request_id(response.headers))
        return delay

    def delay_after_error(self, error: BaseException) -> float | None:
        """Return the seconds until the next attempt, or None if there is to be none."""
        delay = self._delay(error, {}, redirected=False)
        if logs.logger.isEnabledFor(logging.INFO):
            self._log(delay, error=error)
        return delay

    def _delay(self, outcome: int | BaseException, headers: Mapping[str, str], *, redirected: bool) -> float | None:
        if self.attempts > self.retries.max_retries or outcome == 200:
            return None
        return retries.retry_delay(
            self.method,
            outcome,
            headers,
            self.attempts,
            self.retries,
            now=time.time(),
            random=random.random(),
        )

    def _log(self, delay: float | None, **outcome: Any) -> None:
        duration = time.perf_counter() - self._started
        logs.log_request(
            self.method, self.template, duration=duration, attempt=self.attempts, retry_in=delay, **outcome
        )

    def error(self, response: "httpx.Response", parsed: object = None) -> ApiError:
        """Return the error for the last response."""
        return from_response(response, parsed, job_id=self.job_id, attempts=self.attempts)


def _complete(response: "httpx.Response", call: Call, parsed: R) -> Response[R]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
        request_id=request_id(response.headers),
        attempts=call.attempts,
    )


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
