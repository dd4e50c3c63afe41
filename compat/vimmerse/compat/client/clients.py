"""The two clients: where the calls go, through which HTTP client, and how they come back.

Laws:

* The calls are held by the same core, through the same door, as those of v1 code that knows nothing of it; the warnings
  are the same too.
* An HTTP client that was given stays the caller's: its timeouts, proxies, cookies and hooks count, and it is not
  closed here. Its ``auth`` and its own key go to the API alone.
* No state but the HTTP client's, so one object may serve many threads, or many tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, aclosing, closing
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

import httpx
from vimmerse.compat.adapters.httpx import AsyncCompatTransport, CompatTransport
from vimmerse.compat.client import results
from vimmerse.compat.client.bodies import Route, as_documented, prepared
from vimmerse.compat.client.caller import Fields, Id
from vimmerse.compat.client.files import AsyncDownload, Download, Opening, adownload, download
from vimmerse.compat.client.methods.flows import FlowMethods
from vimmerse.compat.client.methods.media import MediaMethods
from vimmerse.compat.client.methods.story import StoryMethods
from vimmerse.compat.client.results import CompatMedia, CompatStory
from vimmerse.compat.core.messages import Headers
from vimmerse.compat.core.policy import API_KEY_VARIABLE, Policy
from vimmerse.compat.core.redaction import conceal, reveal
from vimmerse.compat.runtime import settings
from vimmerse.compat.runtime.driver import annotate_late_error
from vimmerse.compat.runtime.warnings import WarningEmitter
from vimmerse.v2.client import DEFAULT_TIMEOUT
from vimmerse.v2.types import UNSET

KEY = "X-Api-Key"
T = TypeVar("T")
#: Makes the result of an answer, an operation, an id and a policy.
Read = Callable[[httpx.Response, str, str, Policy], T]


class _Settings:
    """What both clients are told: the policy, the key, where to send."""

    def __init__(self, http: httpx.Client | httpx.AsyncClient, policy: Policy, api_key: str | None, own: bool) -> None:
        self._http_client = http
        self._own = own
        self._policy = policy
        # An argument goes before the headers of a client that was given, those before the policy and the environment.
        self._sends_key = api_key is not None or KEY not in http.headers
        if self._sends_key and policy.api_key is None:
            raise ValueError(f"There is no API key: set the environment variable {API_KEY_VARIABLE}, or give api_key=")

    def _prepared(self, route: Route, fields: Fields, id: Id) -> AbstractContextManager[httpx.Request]:
        headers = _key_header(self._policy) if self._sends_key else Headers()
        return prepared(self._http_client, self._policy.base_url, headers, route, id, fields)

    def _ended(self, error: BaseException, response: httpx.Response | None) -> None:
        """Name in an error what the call has created, where it comes from reading the answer."""
        outcome = response.extensions["vimmerse"] if response is not None else None
        annotate_late_error(error, outcome, WarningEmitter(self._policy))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._policy.base_url!r}, mode={self._policy.mode!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} neither pickles nor copies, since it holds connections and an API key; make one "
            "where it is needed (the key and the base URL come from the environment)"
        )


def _key_header(policy: Policy) -> Headers:
    return Headers([(KEY, policy.api_key)] if policy.api_key is not None else ())


def _resolved(policy: Policy | None, api_key: str | None, base_url: str | None) -> Policy:
    overrides = settings.Overrides()
    if api_key is not None:
        overrides["api_key"] = api_key
    if base_url is not None:
        overrides["base_url"] = base_url
    return settings.resolve(policy, overrides)


def _check_own(api_key: object, client: object, transport: object, timeout: object, *, is_async: bool = False) -> None:
    if client is not None and (transport is not None or timeout is not DEFAULT_TIMEOUT):
        raise ValueError("client= has a transport and a timeout of its own: give transport= and timeout= to it instead")
    if api_key is not None:
        settings.check_type("api_key", reveal(api_key), str, "text")
    if transport is not None:
        method = "handle_async_request" if is_async else "handle_request"
        settings.check_sender("transport", transport, method, "a transport")
    if client is not None:
        settings.check_sender("client", client, "aclose" if is_async else "close", "an httpx client")


class _Through(httpx.BaseTransport):
    """The way out: the HTTP client, so that its own settings count."""

    def __init__(self, http: httpx.Client, base_url: str) -> None:
        self._http = http
        self._host = httpx.URL(base_url).host

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        auth = httpx.USE_CLIENT_DEFAULT if request.url.host == self._host else None
        return self._http.send(as_documented(request), stream=True, auth=auth, follow_redirects=False)


class _AsyncThrough(httpx.AsyncBaseTransport):
    """As :class:`_Through`."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        self._http = http
        self._host = httpx.URL(base_url).host

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        auth = httpx.USE_CLIENT_DEFAULT if request.url.host == self._host else None
        return await self._http.send(as_documented(request), stream=True, auth=auth, follow_redirects=False)


class CompatClient(
    _Settings,
    FlowMethods[CompatStory, CompatMedia, Download],
    StoryMethods[CompatStory, CompatMedia, Download],
    MediaMethods[CompatStory, CompatMedia, Download],
):
    """The v1 operations as methods, made on v2: v1's field names in, v2's models out.

    Use it as it is, or as a context manager that closes its connections. One client may serve many threads.

    ``api_key``: the key; by default the policy's, which is ``VIMMERSE_API_KEY``. It goes to the base URL alone.
    ``base_url``: where the API is; by default the policy's, which is ``VIMMERSE_BASE_URL`` or
    https://api.vimmerse.net.
    ``policy``: how to translate (:class:`vimmerse.compat.Policy`); by default as the environment says.
    ``timeout``: seconds, or an ``httpx.Timeout``: by default 10 to connect, 60 of silence. None waits for ever.
    ``transport``: what the requests are sent through; closed with this client.
    ``client``: an ``httpx.Client`` to send with instead of one of its own; it stays open.

    Each method raises :class:`vimmerse.v2.errors.ApiError` where the server refuses the call, with its ``status``,
    ``code`` and ``message``; :class:`vimmerse.compat.TranslationError` where the policy does; ``TypeError`` or
    ``ValueError`` for a field that can't be sent; and ``httpx.TransportError`` where there is no answer.

    Raises:
        ValueError: there is no key, the base URL is unusable, or ``client`` was given with a transport or a timeout.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        policy: Policy | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        transport: httpx.BaseTransport | None = None,
        client: httpx.Client | None = None,
    ) -> None:
        api_key = conceal(api_key)
        _check_own(api_key, client, transport, timeout)
        resolved = _resolved(policy, api_key, base_url)
        self._http = httpx.Client(transport=transport, timeout=timeout) if client is None else client
        super().__init__(self._http, resolved, api_key, client is None)
        self._door = CompatTransport(_Through(self._http, resolved.base_url), resolved)

    def _result(self, read: Read[T], route: Route, fields: Fields, id: Id) -> T:
        response = None
        try:
            with self._prepared(route, fields, id) as request:
                response = self._door.handle_request(request)
            response.request = request
            with closing(response):
                response.read()
            return read(response, route.operation, str(id), self._policy)
        except BaseException as error:
            self._ended(error, response)
            raise

    def _story(self, route: Route, fields: Fields, id: Id = UNSET) -> CompatStory:
        return self._result(results.story, route, fields, id)

    def _media(self, route: Route, fields: Fields, id: Id = UNSET) -> CompatMedia:
        return self._result(results.media, route, fields, id)

    def _file(self, route: Route, fields: Fields, id: Id = UNSET) -> Download:
        with self._prepared(route, fields, id) as request:
            response = self._door.handle_request(request)
        response.request = request
        return download(response)

    def close(self) -> None:
        """Close the connections; those of a ``client`` that was given stay open."""
        if self._own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncCompatClient(
    _Settings,
    FlowMethods[Coroutine[Any, Any, CompatStory], Coroutine[Any, Any, CompatMedia], Opening],
    StoryMethods[Coroutine[Any, Any, CompatStory], Coroutine[Any, Any, CompatMedia], Opening],
    MediaMethods[Coroutine[Any, Any, CompatStory], Coroutine[Any, Any, CompatMedia], Opening],
):
    """As :class:`CompatClient`, for async code: each method gives something to ``await``.

    ``transport`` and ``client`` are an ``httpx.AsyncBaseTransport`` and an ``httpx.AsyncClient`` here. Use it as it is
    and ``aclose`` it, or with ``async with``.

    Raises:
        ValueError: there is no key, the base URL is unusable, or ``client`` was given with a transport or a timeout.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        policy: Policy | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        api_key = conceal(api_key)
        _check_own(api_key, client, transport, timeout, is_async=True)
        resolved = _resolved(policy, api_key, base_url)
        self._http = httpx.AsyncClient(transport=transport, timeout=timeout) if client is None else client
        super().__init__(self._http, resolved, api_key, client is None)
        self._door = AsyncCompatTransport(_AsyncThrough(self._http, resolved.base_url), resolved)

    async def _result(self, read: Read[T], route: Route, fields: Fields, id: Id) -> T:
        response = None
        try:
            with self._prepared(route, fields, id) as request:
                response = await self._door.handle_async_request(request)
            response.request = request
            async with aclosing(response):
                await response.aread()
            return read(response, route.operation, str(id), self._policy)
        except BaseException as error:
            self._ended(error, response)
            raise

    async def _story(self, route: Route, fields: Fields, id: Id = UNSET) -> CompatStory:
        return await self._result(results.story, route, fields, id)

    async def _media(self, route: Route, fields: Fields, id: Id = UNSET) -> CompatMedia:
        return await self._result(results.media, route, fields, id)

    def _file(self, route: Route, fields: Fields, id: Id = UNSET) -> Opening:
        async def start() -> AsyncDownload:
            with self._prepared(route, fields, id) as request:
                response = await self._door.handle_async_request(request)
            response.request = request
            return await adownload(response)

        return Opening(start)

    async def aclose(self) -> None:
        """Close the connections; those of a ``client`` that was given stay open."""
        if self._own:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
