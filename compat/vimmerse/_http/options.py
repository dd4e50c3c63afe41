"""The options of a call, and of all calls of a client."""

import threading
from collections.abc import Mapping

from vimmerse._http import API_KEY_HEADER
from vimmerse._http.retries import RetrySettings
from vimmerse._http.types import RequestOptions


def check_timeout(timeout: object) -> None:
    """Reject what is no timeout, before anything is sent: httpx's own error depends on the kind of connection.

    Raises:
        TypeError, ValueError: it is not a number of seconds above 0, an ``httpx.Timeout`` of those, or None.
    """
    import httpx

    for seconds in timeout.as_dict().values() if isinstance(timeout, httpx.Timeout) else [timeout]:
        if seconds is None:
            continue
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError(f"timeout must be seconds, an httpx.Timeout or None, not {type(seconds).__name__}")
        if not 0 < seconds <= threading.TIMEOUT_MAX:
            raise ValueError(f"timeout is {seconds} s; it must be above 0, and None for no limit")


def merged(defaults: RequestOptions, options: RequestOptions) -> RequestOptions:
    """Return checked options; those of ``options`` take precedence, header by header.

    Raises:
        TypeError, ValueError: a name is not one of an option, or its value is invalid.
    """
    if unknown := options.keys() - RequestOptions.__annotations__:
        raise TypeError(f"got an unexpected keyword argument {min(unknown)!r}")
    result: RequestOptions = {**defaults, **options}
    RetrySettings.of(result.get("max_retries", 0), result.get("retry_refused", False))
    check_timeout(result.get("timeout"))
    for option in ("extra_headers", "extra_body"):
        if not isinstance(result.get(option, {}), Mapping):
            raise TypeError(f"{option} must be a mapping, not {type(result.get(option)).__name__}")
    headers = dict(defaults.get("extra_headers", {}))
    for name, value in options.get("extra_headers", {}).items():
        if not isinstance(name, str):
            raise TypeError(f"the names of extra_headers must be text, not {type(name).__name__}")
        if name.lower() == API_KEY_HEADER.lower():
            # Its value is not shown, and neither is any other: one may be a key.
            raise ValueError(f"extra_headers can't hold {API_KEY_HEADER}: create another client for another key")
        headers = {known: headers[known] for known in headers if known.lower() != name.lower()}
        if name.lower() != "content-type":  # the body decides
            headers[name] = value
    if headers:
        result["extra_headers"] = headers
    else:
        result.pop("extra_headers", None)
    return result
