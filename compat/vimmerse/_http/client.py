"""The clients: where the API is, the key, and how to connect."""

import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, NoReturn, Self, TypeGuard, TypeVar, Unpack

import httpx
from vimmerse._http import API_KEY_HEADER
from vimmerse._http.connections import client_arguments
from vimmerse._http.logs import configure_from_environment
from vimmerse._http.options import check_timeout, merged
from vimmerse._http.retries import RetrySettings
from vimmerse._http.types import RequestOptions

T = TypeVar("T")

# Seconds. `read` is the longest silence, not the length of the call; `write` bounds uploads in the same way.
# The vendor's sample waits for 180 seconds for the scenes of a story (POST /v2/story/{story_id}/scenes).
DEFAULT_TIMEOUT = httpx.Timeout(connect=10.0, read=180.0, write=60.0, pool=60.0)


class BaseClient:
    """A client without an API key, for the operations that need none.

    Use it directly, or in a ``with`` or ``async with`` block that closes its connections, also after it was used. All
    arguments are keyword arguments. One client may serve many threads, but its async calls belong to one event loop. It
    makes a connection for each request at a time, up to 100, and keeps them. ``limits`` in ``httpx_args`` changes this.

    ``base_url``: where the API is; defaults to ``VIMMERSE_BASE_URL``, or else the service. A path prefix is kept.
    ``headers``, ``cookies``: sent with every call; a ``Content-Type`` is left out, since each call sets its own.
    ``timeout``: seconds, or an ``httpx.Timeout``; by default 10 seconds to connect and 180 of silence. None: no limit.
    ``verify_ssl``: False, a CA file or an ``ssl.SSLContext``, as in httpx.
    ``follow_redirects``: the API key is sent along only to the base URL's own origin.
    ``transport``, ``async_transport``: the httpx transports of the sync and the async calls. One that serves both, such
    as ``httpx.MockTransport``, may be given as either. The clients that the ``with_`` methods return share them.
    ``httpx_args``: other arguments of ``httpx.Client``, and of ``httpx.AsyncClient`` unless ``async_httpx_args`` is
    given.
    ``max_retries``: how often a read (GET) that fails for a transient reason is sent again. By default 0.
    ``retry_refused``: whether other calls, too, are sent again if the service has surely not carried them out: no
    connection was made, or the response is 429.

    A client can't be pickled or copied: it holds connections and perhaps a key. Create one in each process.

    Raises:
        ValueError: the base URL is not an http or https URL, or holds credentials.
        TypeError, ValueError: ``timeout``, ``max_retries`` or ``retry_refused`` is unusable.
    """

    _default_base_url: ClassVar[str]
    _user_agent: ClassVar[str]
    _default_max_retries: ClassVar[int] = 0
    _api_key: str | None = None

    def __init__(
        self,
        *,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        verify_ssl: ssl.SSLContext | str | bool = True,
        follow_redirects: bool = False,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
        httpx_args: Mapping[str, Any] | None = None,
        async_httpx_args: Mapping[str, Any] | None = None,
        max_retries: int | None = None,
        retry_refused: bool = False,
    ) -> None:
        self._retry_settings = RetrySettings.of(
            self._default_max_retries if max_retries is None else max_retries, retry_refused
        )
        check_timeout(timeout)
        self._default_options: RequestOptions = {}
        self._base_url = _check_base_url(base_url or os.environ.get("VIMMERSE_BASE_URL") or self._default_base_url)
        self._headers = _merge_headers(httpx.Headers({"User-Agent": self._user_agent}), headers or {})
        self._cookies = dict(cookies or {})
        self._timeout = timeout
        self._verify_ssl = verify_ssl
        self._follow_redirects = follow_redirects
        # Some are both, such as httpx.MockTransport.
        self._transport = async_transport if transport is None and _is_sync(async_transport) else transport
        self._async_transport = transport if async_transport is None and _is_async(transport) else async_transport
        self._httpx_args = dict(httpx_args or {})
        self._async_httpx_args = self._httpx_args if async_httpx_args is None else dict(async_httpx_args)
        self._clients = _HttpxClients()
        configure_from_environment()

    @property
    def base_url(self) -> str:
        """Where the API is, without a slash at the end."""
        return self._base_url

    @property
    def retry_settings(self) -> RetrySettings:
        """How often calls are sent again."""
        return self._retry_settings

    @property
    def default_options(self) -> RequestOptions:
        """The options of each call, unless the call has its own; see :meth:`with_options`."""
        return self._default_options

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} can't be pickled or copied, since it holds connections and perhaps an API key; "
            "create one where it is needed (the key and the base URL come from the environment)"
        )

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Return a new client with these headers added; they replace those of the same name."""
        return self._copy_with(_headers=_merge_headers(self._headers, headers))

    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """Return a new client with these cookies added."""
        return self._copy_with(_cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float | None) -> Self:
        """Return a new client with another timeout, in seconds."""
        check_timeout(timeout)
        return self._copy_with(_timeout=timeout)

    def with_options(self, **options: Unpack[RequestOptions]) -> Self:
        """Return a client with other options for each call, on the same connections; closing one closes both.

        Raises:
            TypeError, ValueError: an option is invalid, or is ``extra_body``, which belongs to one call.
        """
        if "extra_body" in options:
            raise TypeError("extra_body belongs to one call: pass it to that call")
        defaults = merged(self._default_options, options)
        settings = RetrySettings.of(
            defaults.get("max_retries", self._retry_settings.max_retries),
            defaults.get("retry_refused", self._retry_settings.retry_refused),
        )
        return self._copy_with(_default_options=defaults, _retry_settings=settings, _clients=self._clients)

    def _copy_with(self, **attributes: object) -> Self:
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__ | {"_clients": _HttpxClients()} | attributes)
        return copy

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Send the sync calls through ``client``, with its own base URL, headers, API key and timeout."""
        self._clients = _HttpxClients(client, self._clients.asynchronous)
        return self

    def get_httpx_client(self) -> httpx.Client:
        """Return the ``httpx.Client`` of the sync calls, which is created on first use."""
        clients = self._clients.of_this_process()
        with clients.lock:
            if clients.sync is None:
                hook = _ApiKeyHook(self._base_url, self._api_key)
                transport = _chosen("transport", self._transport, self._async_transport, self._httpx_args)
                arguments = self._arguments(self._httpx_args, transport, hook)
                clients.sync = httpx.Client(**client_arguments(arguments))
            return clients.sync

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Send the async calls through ``async_client``; see :meth:`set_httpx_client`."""
        self._clients = _HttpxClients(self._clients.sync, async_client)
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the ``httpx.AsyncClient`` of the async calls, which is created on first use."""
        clients = self._clients.of_this_process()
        with clients.lock:
            if clients.asynchronous is None:
                hook = _ApiKeyHook(self._base_url, self._api_key).asynchronous
                transport = _chosen("async_transport", self._async_transport, self._transport, self._async_httpx_args)
                arguments = self._arguments(self._async_httpx_args, transport, hook)
                clients.asynchronous = httpx.AsyncClient(**client_arguments(arguments, asynchronous=True))
            return clients.asynchronous

    def _arguments(self, httpx_args: Mapping[str, Any], transport: object, hook: object) -> dict[str, Any]:
        event_hooks = {name: list(hooks) for name, hooks in (httpx_args.get("event_hooks") or {}).items()}
        event_hooks["request"] = [*event_hooks.get("request", ()), hook]  # last, so that it sees the others' changes
        arguments: dict[str, Any] = {
            "base_url": self._base_url,
            "headers": self._headers,
            "cookies": self._cookies,
            "timeout": self._timeout,
            "verify": self._verify_ssl,
            "follow_redirects": self._follow_redirects,
            **httpx_args,
            "event_hooks": event_hooks,
        }
        if transport is not None:
            arguments["transport"] = transport
        return arguments

    def close(self) -> None:
        """Close the connections of the sync calls."""
        client = self._clients.of_this_process().sync
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close the connections of the async calls."""
        client = self._clients.of_this_process().asynchronous
        if client is not None:
            await client.aclose()

    def __enter__(self) -> Self:
        client = self.get_httpx_client()
        with _entering(client):
            client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.get_httpx_client().__exit__(*error)

    async def __aenter__(self) -> Self:
        client = self.get_async_httpx_client()
        with _entering(client):
            await client.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.get_async_httpx_client().__aexit__(*error)


class _HttpxClients:
    """The httpx clients of one client, or of several that share their connections; created when they are needed."""

    def __init__(self, sync: httpx.Client | None = None, asynchronous: httpx.AsyncClient | None = None) -> None:
        self._given = sync, asynchronous
        self._inherited: tuple[object, ...] = ()
        self._reset()

    def of_this_process(self) -> Self:
        """A forked process makes connections of its own: on shared ones it would get responses to its parent."""
        if self._process != os.getpid():
            self._inherited = self.sync, self.asynchronous  # not closed, since they are the parent's
            self._reset()
        return self

    def _reset(self) -> None:
        self.lock = threading.Lock()  # another thread of the parent may have held the old one
        self.sync, self.asynchronous = self._given
        self._process = os.getpid()


class BaseAuthenticatedClient(BaseClient):
    """A client with an API key, which is sent as ``X-Api-Key`` to the base URL's origin and nowhere else.

    ``token``, ``api_key``: two names for the key; defaults to ``VIMMERSE_API_KEY``. An ``X-Api-Key`` among ``headers``
    takes precedence.

    The other arguments are those of ``Client``.

    Raises:
        ValueError: there is no key, it can't be a header's value, or the base URL is unusable.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        token: str | None = None,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        verify_ssl: ssl.SSLContext | str | bool = True,
        follow_redirects: bool = False,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
        httpx_args: Mapping[str, Any] | None = None,
        async_httpx_args: Mapping[str, Any] | None = None,
        max_retries: int | None = None,
        retry_refused: bool = False,
    ) -> None:
        if token is not None and api_key is not None and token != api_key:
            del token, api_key  # error reporters show local variables
            raise ValueError("token and api_key are two names of one argument, and have different values")
        key = token if token is not None else api_key
        self._api_key = os.environ.get("VIMMERSE_API_KEY", "").strip() if key is None else key
        del token, api_key, key
        super().__init__(
            base_url=base_url,
            headers=headers,
            cookies=cookies,
            timeout=timeout,
            verify_ssl=verify_ssl,
            follow_redirects=follow_redirects,
            transport=transport,
            async_transport=async_transport,
            httpx_args=httpx_args,
            async_httpx_args=async_httpx_args,
            max_retries=max_retries,
            retry_refused=retry_refused,
        )
        if not isinstance(self.token, str):
            raise TypeError(f"The API key must be text, not {type(self.token).__name__}")
        if not self.token:
            raise ValueError("There is no API key: set the environment variable VIMMERSE_API_KEY, or pass token=")
        if not self.token.isascii() or not self.token.isprintable() or self.token != self.token.strip():
            # Checked here, since the errors of the layers below would quote it.
            raise ValueError("The API key must be printable ASCII text without spaces around it")

    @property
    def token(self) -> str:
        """The API key."""
        return self._api_key or ""


class _ApiKeyHook:
    """A request hook of httpx that adds the key for the API's own origin, and removes it for every other.

    Hooks see each hop of a redirect, unlike default headers and ``auth``, which httpx sends on to other hosts.
    """

    def __init__(self, base_url: str, api_key: str | None) -> None:
        url = httpx.URL(base_url)
        self._host = url.host
        self._origins = {(url.scheme, url.port)}
        if url.scheme == "http" and url.port is None:
            self._origins.add(("https", None))  # a server may redirect to https
        self._api_key = api_key

    def __call__(self, request: httpx.Request) -> None:
        url = request.url
        if url.host != self._host or (url.scheme, url.port) not in self._origins:
            request.headers.pop(API_KEY_HEADER, None)
        elif self._api_key is not None and API_KEY_HEADER not in request.headers:  # half the time of setdefault()
            request.headers[API_KEY_HEADER] = self._api_key

    async def asynchronous(self, request: httpx.Request) -> None:
        self(request)


def _is_sync(transport: object) -> TypeGuard[httpx.BaseTransport]:
    return isinstance(transport, httpx.BaseTransport)


def _is_async(transport: object) -> TypeGuard[httpx.AsyncBaseTransport]:
    return isinstance(transport, httpx.AsyncBaseTransport)


def _chosen(name: str, transport: T | None, other: object, httpx_args: Mapping[str, Any]) -> T | None:
    if transport is None and other is not None and "transport" not in httpx_args:
        # A default one would lead past a mock, a proxy or the compat layer.
        raise TypeError(f"these calls need {name}=, since {type(other).__name__} is for the other kind of calls")
    return transport


@contextmanager
def _entering(client: httpx.Client | httpx.AsyncClient) -> Iterator[None]:
    """Let a client of httpx be entered that has sent something: it is open already, and httpx refuses."""
    if client.is_closed:
        raise RuntimeError("This client is closed: create another one")
    try:
        yield
    except RuntimeError as error:
        if "more than once" not in str(error):
            raise


def _merge_headers(headers: httpx.Headers, more: Mapping[str, str]) -> httpx.Headers:
    merged = headers.copy()
    merged.update(dict(more))
    # The body decides: a fixed type, common in scripts for v1, would break every form.
    merged.pop("Content-Type", None)
    return merged


def _check_base_url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL("")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must have no credentials, query or fragment")
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65535:
        # Text that is not a URL is not quoted: it may be the key.
        raise ValueError("base_url must be an http or https URL with a host, such as https://api.vimmerse.net")
    return text.rstrip("/")
