"""CompatClient and AsyncCompatClient: where the calls go, and through which HTTP client.

The calls take the same path as those of unchanged v1 code: through the compat transports, with the same warnings.
An HTTP client that the caller passes keeps its settings, and stays open; its ``auth`` and its own key go to the API
only. The clients have no other state, so one may serve many threads or tasks.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from contextlib import AbstractContextManager, aclosing, closing
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar

import httpx
from vimmerse._compat_methods.media import MediaMethods
from vimmerse._compat_methods.one_call import OneCallMethods
from vimmerse._compat_methods.story import StoryMethods
from vimmerse._http import API_KEY_HEADER
from vimmerse._http.connections import client_arguments
from vimmerse._http.redaction import conceal, reveal
from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
from vimmerse.compat.client.files import AsyncDownload, Download, PendingDownload, async_download, download
from vimmerse.compat.client.results import CompatMedia, CompatStory, Result, read_result
from vimmerse.compat.core.messages import Headers
from vimmerse.compat.core.policy import API_KEY_VARIABLE, Policy
from vimmerse.compat.endpoints import Endpoint, as_documented, build_request
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.driver import annotate_late_error
from vimmerse.compat.runtime.warnings import WarningEmitter
from vimmerse.v2.client import DEFAULT_TIMEOUT

Arguments = Mapping[str, object]
HttpT = TypeVar("HttpT", httpx.Client, httpx.AsyncClient)
TransportT = TypeVar("TransportT", httpx.BaseTransport, httpx.AsyncBaseTransport)


class _Base(Generic[HttpT, TransportT]):
    """What both clients share."""

    _http_class: ClassVar[Any]
    _transport_class: ClassVar[Any]
    _close_method: ClassVar[str]
    _send_method: ClassVar[str]
    _transport: Any

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        policy: Policy | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        transport: TransportT | None = None,
        client: HttpT | None = None,
    ) -> None:
        api_key = conceal(api_key)
        if client is not None and (transport is not None or timeout is not DEFAULT_TIMEOUT):
            raise ValueError("client= has its own transport and timeout: set transport= and timeout= there instead")
        overrides = settings.Overrides()
        if api_key is not None:
            settings.check_type("api_key", reveal(api_key), str, "text")
            overrides["api_key"] = api_key
        if base_url is not None:
            overrides["base_url"] = base_url
        if transport is not None:
            settings.check_sender("transport", transport, self._send_method, "a transport")
        if client is not None:
            settings.check_sender("client", client, self._close_method, "an httpx client")
        self._policy = settings.resolve(policy, overrides)
        self._owns_http = client is None
        if client is None:
            arguments = {"transport": transport, "timeout": timeout}
            client = self._http_class(**client_arguments(arguments, asynchronous=self._http_class is httpx.AsyncClient))
        self._http: Any = client
        # The argument comes first, then the headers of the caller's client, then the policy and the environment.
        self._sends_key = api_key is not None or API_KEY_HEADER not in self._http.headers
        if self._sends_key and self._policy.api_key is None:
            raise ValueError(f"There is no API key: set the environment variable {API_KEY_VARIABLE}, or pass api_key=")
        self._transport = self._transport_class(_ClientTransport(self._http, self._policy.base_url), self._policy)

    def _request(self, endpoint: Endpoint, arguments: Arguments) -> AbstractContextManager[httpx.Request]:
        headers = Headers([(API_KEY_HEADER, self._policy.api_key or "")] if self._sends_key else ())
        return build_request(self._http, self._policy.base_url, headers, endpoint, arguments)

    def _annotate(self, error: BaseException, response: httpx.Response | None) -> None:
        """Name in an error what the call has created. It may come from reading the response."""
        record = response.extensions["vimmerse"] if response is not None else None
        annotate_late_error(error, record, WarningEmitter(self._policy))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._policy.base_url!r}, mode={self._policy.mode!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} can't be pickled or copied, since it holds connections and an API key; create one "
            "where it is needed (the key and the base URL come from the environment)"
        )


class _ClientTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends through an HTTP client, so that its settings apply. Its ``auth`` is for the API's host only."""

    def __init__(self, http: Any, base_url: str) -> None:
        self._http = http
        self._host = httpx.URL(base_url).host

    def _options(self, request: httpx.Request) -> dict[str, Any]:
        auth = httpx.USE_CLIENT_DEFAULT if request.url.host == self._host else None
        return {"stream": True, "auth": auth, "follow_redirects": False}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self._http.send(as_documented(request), **self._options(request))
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await self._http.send(as_documented(request), **self._options(request))
        return response


class CompatClient(
    _Base[httpx.Client, httpx.BaseTransport],
    OneCallMethods[CompatStory, CompatMedia, Download],
    StoryMethods[CompatStory, CompatMedia, Download],
    MediaMethods[CompatStory, CompatMedia, Download],
):
    """The v1 operations as methods, translated to v2: they take v1's fields and return v2's models.

    Use it directly, or as a context manager that closes its connections. One client may serve many threads.

    ``api_key``: the key; by default the policy's, which is ``VIMMERSE_API_KEY``. It is sent to the base URL only.
    ``base_url``: where the API is; by default the policy's, which is ``VIMMERSE_BASE_URL`` or
    https://api.vimmerse.net.
    ``policy``: how to translate (:class:`vimmerse.compat.Policy`); by default as the environment says.
    ``timeout``: seconds, or an ``httpx.Timeout``. By default 10 to connect and 60 for each read or write; None: none.
    ``transport``: an ``httpx.BaseTransport`` to send through; it is closed with this client.
    ``client``: an ``httpx.Client`` to send with instead of a new one; it stays open.

    Each method raises :class:`vimmerse.v2.errors.ApiError` for an error response, with its ``status``, ``code`` and
    ``message``; :class:`vimmerse.compat.TranslationError` where the policy forbids the call; ``TypeError`` or
    ``ValueError`` for a field that can't be sent; and ``httpx.TransportError`` where there is no response.

    Raises:
        ValueError: there is no key, the base URL is unusable, or ``client`` was given with a transport or a timeout.
    """

    _http_class = httpx.Client
    _transport_class = CompatTransport
    _close_method = "close"
    _send_method = "handle_request"

    def _result(self, model: type[Result], endpoint: Endpoint, arguments: Arguments) -> Result:
        response = None
        try:
            # Bound here, not in a helper: an interruption right after the call must find the response's job ids.
            with self._request(endpoint, arguments) as request:
                response = self._transport.handle_request(request)
            response.request = request
            with closing(response):
                response.read()
            return read_result(model, response, endpoint, arguments, self._policy)
        except BaseException as error:
            self._annotate(error, response)
            raise

    def _story(self, endpoint: Endpoint, arguments: Arguments) -> CompatStory:
        return self._result(CompatStory, endpoint, arguments)

    def _media(self, endpoint: Endpoint, arguments: Arguments) -> CompatMedia:
        return self._result(CompatMedia, endpoint, arguments)

    def _file(self, endpoint: Endpoint, arguments: Arguments) -> Download:
        with self._request(endpoint, arguments) as request:
            response: httpx.Response = self._transport.handle_request(request)
        response.request = request
        return download(response)

    def close(self) -> None:
        """Close the connections; those of a ``client`` that was passed in stay open."""
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class AsyncCompatClient(
    _Base[httpx.AsyncClient, httpx.AsyncBaseTransport],
    OneCallMethods[Coroutine[Any, Any, CompatStory], Coroutine[Any, Any, CompatMedia], PendingDownload],
    StoryMethods[Coroutine[Any, Any, CompatStory], Coroutine[Any, Any, CompatMedia], PendingDownload],
    MediaMethods[Coroutine[Any, Any, CompatStory], Coroutine[Any, Any, CompatMedia], PendingDownload],
):
    """Like :class:`CompatClient`, for async code: the result of each method is awaited.

    ``transport`` and ``client`` are httpx's async ones. Close it with ``aclose``, or use it with ``async with``.
    """

    _http_class = httpx.AsyncClient
    _transport_class = AsyncCompatTransport
    _close_method = "aclose"
    _send_method = "handle_async_request"

    async def _result(self, model: type[Result], endpoint: Endpoint, arguments: Arguments) -> Result:
        response = None
        try:
            with self._request(endpoint, arguments) as request:
                response = await self._transport.handle_async_request(request)
            response.request = request
            async with aclosing(response):
                await response.aread()
            return read_result(model, response, endpoint, arguments, self._policy)
        except BaseException as error:
            self._annotate(error, response)
            raise

    async def _story(self, endpoint: Endpoint, arguments: Arguments) -> CompatStory:
        return await self._result(CompatStory, endpoint, arguments)

    async def _media(self, endpoint: Endpoint, arguments: Arguments) -> CompatMedia:
        return await self._result(CompatMedia, endpoint, arguments)

    def _file(self, endpoint: Endpoint, arguments: Arguments) -> PendingDownload:
        async def start() -> AsyncDownload:
            with self._request(endpoint, arguments) as request:
                response: httpx.Response = await self._transport.handle_async_request(request)
            response.request = request
            return await async_download(response)

        return PendingDownload(start)

    async def aclose(self) -> None:
        """Close the connections; those of a ``client`` that was passed in stay open."""
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()
