# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The clients: where the API is, the key, and how to connect."""

import os
import ssl
import threading
from collections.abc import Mapping
from typing import Any, NoReturn, Self

import httpx

DEFAULT_BASE_URL = "https://api.vimmerse.net"
# Seconds. `read` is the longest silence, not the length of the call; uploads are bounded in the same way.
DEFAULT_TIMEOUT = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=60.0)
USER_AGENT = "vimmerse/0.1.0 (v2)"


class Client:
    """A client without an API key, for the operations that need none.

    Use it as it is, or as a context manager (``with`` or ``async with``) that closes its connections, also after it was
    used. Its arguments go by their names. One client may serve many threads, but its async calls belong to one event loop.

    ``base_url``: where the API is; ``VIMMERSE_BASE_URL``, else https://api.vimmerse.net. A path prefix is kept.
    ``headers``, ``cookies``: sent with every call; a ``Content-Type`` is left out, each call has its own.
    ``timeout``: seconds, or an ``httpx.Timeout``: by default 10 to connect, 60 of silence. None waits for ever.
    ``verify_ssl``: False, a CA file or an ``ssl.SSLContext``, as httpx takes them.
    ``follow_redirects``: the API key goes along only to the base URL's own origin.
    ``transport``, ``async_transport``: what the sync and the async calls are sent through. A client made by a ``with_``
    method shares them.
    ``httpx_args``: other arguments of ``httpx.Client``, and of ``httpx.AsyncClient`` unless ``async_httpx_args`` is given.

    It neither pickles nor copies: it holds connections and perhaps a key. Make one in each process.

    Raises:
        ValueError: the base URL is no http(s) URL, or holds credentials.
    """

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
    ) -> None:
        self._base_url = _checked_base_url(
            base_url or os.environ.get("VIMMERSE_BASE_URL") or DEFAULT_BASE_URL
        )
        self._headers = _with_headers(httpx.Headers({"User-Agent": USER_AGENT}), headers or {})
        self._cookies = dict(cookies or {})
        self._timeout = timeout
        self._verify_ssl = verify_ssl
        self._follow_redirects = follow_redirects
        self._transport = transport
        self._async_transport = async_transport
        self._httpx_args = dict(httpx_args or {})
        self._async_httpx_args = (
            self._httpx_args if async_httpx_args is None else dict(async_httpx_args)
        )
        self._key: str | None = None
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None

    @property
    def base_url(self) -> str:
        """Where the API is, without a slash at the end."""
        return self._base_url

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} neither pickles nor copies, since it holds connections and perhaps an API key; "
            "make one where it is needed (the key and the base URL come from the environment)"
        )

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """A new client like this one, with these headers besides; a name that is there already is replaced."""
        return self._changed(_headers=_with_headers(self._headers, headers))

    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """A new client like this one, with these cookies besides."""
        return self._changed(_cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float | None) -> Self:
        """A new client like this one, with another timeout (seconds)."""
        return self._changed(_timeout=timeout)

    def _changed(self, **attributes: object) -> Self:
        new = object.__new__(type(self))
        own = {"_lock": threading.Lock(), "_client": None, "_async_client": None}
        new.__dict__.update(self.__dict__ | own | attributes)
        return new

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Send the sync calls through ``client`` as it is: its own base URL, headers, API key and timeout count."""
        self._client = client
        return self

    def get_httpx_client(self) -> httpx.Client:
        """The ``httpx.Client`` of the sync calls, made on first use."""
        if self._client is None:
            with self._lock:
                if self._client is None:
                    guard = _KeyGuard(self._base_url, self._key)
                    self._client = httpx.Client(
                        **self._arguments(self._httpx_args, self._transport, guard)
                    )
        return self._client

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Send the async calls through ``async_client`` as it is; see :meth:`set_httpx_client`."""
        self._async_client = async_client
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The ``httpx.AsyncClient`` of the async calls, made on first use."""
        if self._async_client is None:
            with self._lock:
                if self._async_client is None:
                    guard = _KeyGuard(self._base_url, self._key).asynchronous
                    arguments = self._arguments(
                        self._async_httpx_args, self._async_transport, guard
                    )
                    self._async_client = httpx.AsyncClient(**arguments)
        return self._async_client

    def _arguments(
        self, given: Mapping[str, Any], transport: object, guard: object
    ) -> dict[str, Any]:
        hooks = {
            name: list(functions) for name, functions in (given.get("event_hooks") or {}).items()
        }
        hooks["request"] = [
            *hooks.get("request", ()),
            guard,
        ]  # last, so that it sees what the others did
        arguments: dict[str, Any] = {
            "base_url": self._base_url,
            "headers": self._headers,
            "cookies": self._cookies,
            "timeout": self._timeout,
            "verify": self._verify_ssl,
            "follow_redirects": self._follow_redirects,
            **given,
            "event_hooks": hooks,
        }
        if transport is not None:
            arguments["transport"] = transport
        return arguments

    def close(self) -> None:
        """Close the connections of the sync calls."""
        if self._client is not None:
            self._client.close()

    async def aclose(self) -> None:
        """Close the connections of the async calls."""
        if self._async_client is not None:
            await self._async_client.aclose()

    def __enter__(self) -> Self:
        client = self.get_httpx_client()
        _check_open(client)
        try:
            client.__enter__()
        except RuntimeError as error:
            _check_used(error)
        return self

    def __exit__(self, *error: Any) -> None:
        self.get_httpx_client().__exit__(*error)

    async def __aenter__(self) -> Self:
        client = self.get_async_httpx_client()
        _check_open(client)
        try:
            await client.__aenter__()
        except RuntimeError as error:
            _check_used(error)
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.get_async_httpx_client().__aexit__(*error)


class AuthenticatedClient(Client):
    """A client with an API key, sent as ``X-Api-Key`` to the base URL's origin and nowhere else.

    ``token``, or ``api_key``, which is the same: the key; by default ``VIMMERSE_API_KEY``. A ``X-Api-Key`` among
    ``headers`` goes before it.

    The rest is :class:`Client`'s.

    Raises:
        ValueError: there is no key, or it can't be a header's value; or the base URL is unusable.
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
    ) -> None:
        key = _Key(token if token is not None else api_key)
        two_keys = token is not None and api_key is not None and token != api_key
        # From here on no local variable holds the key: error reporters print them.
        del token, api_key
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
        )
        if two_keys:
            raise ValueError(
                "token and api_key are two names of the same thing, and two different keys were given"
            )
        self._key = key.checked()

    @property
    def token(self) -> str:
        """The API key."""
        return self._key or ""


class _KeyGuard:
    """A request hook of httpx: the key is added for the API's own origin and taken off for every other.

    Hooks see each hop of a redirect, unlike default headers and ``auth``, which httpx carries to other hosts.
    """

    def __init__(self, base_url: str, key: str | None) -> None:
        url = httpx.URL(base_url)
        self._host = url.host
        self._origins = {(url.scheme, url.port)}
        if url.scheme == "http" and url.port is None:
            self._origins.add(("https", None))  # a server may insist on encryption
        self._key = key

    def __call__(self, request: httpx.Request) -> None:
        url = request.url
        if url.host != self._host or (url.scheme, url.port) not in self._origins:
            if "X-Api-Key" in request.headers:
                del request.headers["X-Api-Key"]
        elif self._key is not None and "X-Api-Key" not in request.headers:
            request.headers["X-Api-Key"] = self._key

    async def asynchronous(self, request: httpx.Request) -> None:
        self(request)


def _check_open(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise RuntimeError("This client is closed, and its connections are gone: make another one")


def _check_used(error: RuntimeError) -> None:
    """A client of httpx that has sent something is open already, and refuses to be entered."""
    if "more than once" not in str(error):
        raise error


def _with_headers(headers: httpx.Headers, more: Mapping[str, str]) -> httpx.Headers:
    merged = headers.copy()
    merged.update(dict(more))
    # The body decides: a fixed type, usual in scripts for v1, would spoil every form.
    merged.pop("Content-Type", None)
    return merged


def _checked_base_url(text: str) -> str:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL("")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must have no credentials, query or fragment")
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65535:
        # What is no URL is not quoted: it may be the key.
        raise ValueError(
            "base_url must be an http or https URL with a host, such as https://api.vimmerse.net"
        )
    return text.rstrip("/")


class _Key:
    """The key that was given, or that of the environment; no ``repr`` shows it."""

    def __init__(self, given: str | None) -> None:
        self._text = os.environ.get("VIMMERSE_API_KEY", "").strip() if given is None else given

    def checked(self) -> str:
        if not self._text:
            raise ValueError(
                "There is no API key: set the environment variable VIMMERSE_API_KEY, or give token="
            )
        if (
            not self._text.isascii()
            or not self._text.isprintable()
            or self._text != self._text.strip()
        ):
            # Checked here, since the errors of the layers below would quote it.
            raise ValueError("The API key must be printable ASCII text without spaces around it")
        return self._text


__all__ = ["DEFAULT_BASE_URL", "DEFAULT_TIMEOUT", "USER_AGENT", "AuthenticatedClient", "Client"]
