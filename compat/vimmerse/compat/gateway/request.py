"""Checks of a request before its body is read.

* The client picks a path below the base URL, never a host: the target must begin with a slash.
* A body has one length, and ``Connection`` names no header that the message needs: that is how requests are smuggled.
* The gateway's token is not forwarded; a client's own ``Authorization`` is.
* Without a token, the owner's key is for local programs only: not for web pages, and not for clients of a local proxy.
"""

import hmac
import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

from starlette.types import Scope
from vimmerse._server import is_loopback
from vimmerse.compat.core.messages import Headers
from vimmerse.compat.gateway.config import TOKEN, GatewayConfig
from vimmerse.compat.gateway.responses import END_TO_END, RequestRejected, connection_options, end_to_end_headers

TOKEN_HEADER = "x-gateway-token"
_NOT_IN_TARGET = re.compile(rb"[^!\"$-~]")  # uvicorn rejects most of these itself; other servers may not
# What proxies add. One of them is enough: the request comes from somewhere else.
_FORWARDED = re.compile(
    r"forwarded|via|x-(forwarded|original)-?.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|client-ip"
    r"|cf-connecting-ip|fastly-client-ip|fly-client-ip|x-envoy-.+|x-appengine-.+|x-azure-.+"
)


def request_target(scope: Scope, prefix: str = "") -> bytes:
    """The raw path and query below the app. ``prefix``: the base URL's path. Raises :class:`RequestRejected`."""
    # Some servers leave the query on the raw path.
    path: bytes = (scope.get("raw_path") or quote(scope["path"]).encode()).partition(b"?")[0]
    root = str(scope.get("root_path") or "").encode()
    if root and path.startswith(root + b"/"):
        path = path[len(root) :]
    query: bytes = scope["query_string"]
    if not path.startswith(b"/"):
        problem = "is not a path. The gateway takes the place of the API's base URL; it is not a forward proxy."
    elif _NOT_IN_TARGET.search(path + query):
        problem = "has a character that must be sent as %XX."
    elif prefix and b".." in unquote_to_bytes(path).replace(b"\\", b"/").split(b"/"):
        problem = "leaves the base URL with '..'."
    else:
        return path + b"?" + query if query else path
    raise RequestRejected(400, "BAD_REQUEST_TARGET", f"The request's target {problem}")


def forwarded_headers(headers: Headers, scope: Scope, target_size: int, config: GatewayConfig) -> Headers:
    """The client's headers that are forwarded, if they let the request pass. Raises :class:`RequestRejected`."""
    if target_size + sum(len(name) + len(value) + 4 for name, value in headers) > config.max_header:
        detail = f"Request line and headers have more than {config.max_header} bytes."
        raise RequestRejected(431, "HEADERS_TOO_LARGE", detail)
    names = {name.lower() for name, _ in headers}
    if {"content-length", "transfer-encoding"} <= names:
        raise RequestRejected(400, "AMBIGUOUS_BODY", "The request has both Content-Length and Transfer-Encoding.")
    if any(map(END_TO_END.fullmatch, connection_options(headers))):
        detail = "The request's Connection header names a header that the request itself needs."
        raise RequestRejected(400, "BAD_REQUEST", detail)
    if config.token is not None:
        headers = without_token(headers, config.token)
    elif config.supply_key == "always" and not any(
        name.lower() == "x-api-key" and value.strip() for name, value in headers
    ):
        check_local(headers, scope, "uses its owner's key")
    return Headers([pair for pair in end_to_end_headers(headers) if pair[0].lower() != TOKEN_HEADER])


def without_token(headers: Headers, token: str) -> Headers:
    """The headers without the token, which must be among them."""

    def is_token(text: str) -> bool:
        return hmac.compare_digest(text.strip().encode("latin-1"), token.encode())

    kept = []
    for name, value in headers:
        scheme, _, credentials = value.strip().partition(" ")
        is_bearer = name.lower() == "authorization" and scheme.lower() == "bearer"
        if not (is_token(value) if name.lower() == TOKEN_HEADER else is_bearer and is_token(credentials)):
            kept.append((name, value))
    if len(kept) == len(headers):
        detail = "This gateway needs its token, as X-Gateway-Token or as Authorization: Bearer."
        raise RequestRejected(401, "GATEWAY_TOKEN_REQUIRED", detail, [("WWW-Authenticate", "Bearer")])
    return Headers(kept)


def check_local(headers: Headers, scope: Scope, what: str) -> None:
    """Raise :class:`RequestRejected` unless a request is from a local program; ``what`` the gateway does for those."""
    hosts = [str(scope["server"][0])] if scope.get("server") else []
    remote = False
    for name, value in headers:
        match name.lower():
            case "host":
                hosts.append(_hostname(f"//{value}"))
            case "origin":
                hosts.append(_hostname(value))
            case "sec-fetch-site":
                remote |= value.strip().lower() == "cross-site"
            case lowered:
                remote |= _FORWARDED.fullmatch(lowered) is not None
    if remote or not all(map(is_loopback, hosts)):
        raise RequestRejected(
            403,
            "GATEWAY_TOKEN_REQUIRED",
            f"This gateway {what} only for programs on this machine: not for web pages, and not for "
            f"clients of a proxy. Others need a token: set {TOKEN}, and send it as X-Gateway-Token.",
        )


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
