"""The options of a call, and of all calls of a client."""

from collections.abc import Mapping

from vimmerse._http import API_KEY_HEADER
from vimmerse._http.retries import RetrySettings
from vimmerse._http.types import RequestOptions


def merged(defaults: RequestOptions, options: RequestOptions) -> RequestOptions:
    """Return checked options; those of ``options`` take precedence, header by header.

    Raises:
        TypeError, ValueError: a name is not one of an option, or its value is invalid.
    """
    if unknown := options.keys() - RequestOptions.__annotations__:
        raise TypeError(f"got an unexpected keyword argument {min(unknown)!r}")
    result: RequestOptions = {**defaults, **options}
    RetrySettings.of(result.get("max_retries", 0), result.get("retry_refused", False))
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
