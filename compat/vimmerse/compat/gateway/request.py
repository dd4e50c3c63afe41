"""Checks of a request before its body is read.

* The client picks a path below the base URL, never a host: the target must begin with a slash.
* A body has one length. Both ``Content-Length`` and ``Transfer-Encoding``, or a ``Connection`` that names a header
  which the message needs, are how requests are smuggled.
* The gateway's token is not forwarded; a client's own ``Authorization`` is.
* Without a token, the owner's key is for programs on this machine only: not for a web page in the owner's browser, and
  not for clients of a proxy on this machine.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

from starlette.types import Scope
from vimmerse._server import is_loopback
from vimmerse.compat.gateway.config import TOKEN, GatewayConfig
from vimmerse.compat.gateway.responses import (
    Pairs,
    RequestRejected,
    connection_options,
    end_to_end_headers,
    is_end_to_end,
)

TOKEN_HEADER = b"x-gateway-token"
_NOT_IN_TARGET = re.compile(rb"[^!\"$-~]")  # uvicorn rejects most of these itself; other servers may not
# What proxies add. One of them is enough: the request comes from somewhere else.
_FORWARDED = re.compile(
    rb"forwarded|via|x-(forwarded|original)-?.*|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|client-ip"
    rb"|cf-connecting-ip|fastly-client-ip|fly-client-ip|x-envoy-.+|x-appengine-.+|x-azure-.+"
)


def request_target(scope: Scope, prefix: str = "") -> bytes:
    """The raw path and query, below the path where the app is mounted. ``prefix`` is the base URL's own path.

    Raises :class:`RequestRejected`.
    """
    # Some servers leave the query on the raw path.
    path: bytes = (scope.get("raw_path") or quote(scope["path"]).encode()).partition(b"?")[0]
    root = str(scope.get("root_path") or "").encode()
    if root and path.startswith(root + b"/"):
        path = path[len(root) :]
    query: bytes = scope["query_string"]
    if not path.startswith(b"/"):
        problem = "is not a path. The gateway stands for the API's base URL; it is not a forward proxy."
    elif _NOT_IN_TARGET.search(path + query):
        problem = "has a character that must be sent as %XX."
    elif prefix and b".." in unquote_to_bytes(path).replace(b"\\", b"/").split(b"/"):
        problem = "leaves the base URL with '..'."
    else:
        return path + b"?" + query if query else path
    raise RequestRejected(400, "BAD_REQUEST_TARGET", f"The request's target {problem}")


def forwarded_headers(scope: Scope, target_size: int, config: GatewayConfig) -> Pairs:
    """The client's headers that are forwarded, if they let the request pass. Raises :class:`RequestRejected`."""
    pairs: Pairs = [(bytes(name), bytes(value)) for name, value in scope["headers"]]
    if target_size + sum(len(name) + len(value) + 4 for name, value in pairs) > config.max_header:
        detail = f"Request line and headers have more than {config.max_header} bytes."
        raise RequestRejected(431, "HEADERS_TOO_LARGE", detail)
    lowered = [(name.lower(), value) for name, value in pairs]
    names = {name for name, _ in lowered}
    if b"content-length" in names and b"transfer-encoding" in names:
        raise RequestRejected(400, "AMBIGUOUS_BODY", "The request has both Content-Length and Transfer-Encoding.")
    if any(map(is_end_to_end, connection_options(pairs))):
        detail = "The request's Connection header names a header that the request itself needs."
        raise RequestRejected(400, "BAD_REQUEST", detail)
    if config.token is not None:
        return _without_token(pairs, config.token.encode())
    if config.supply_key == "always" and not any(name == b"x-api-key" and value.strip() for name, value in lowered):
        _check_local(scope, lowered)
    return [pair for pair in end_to_end_headers(pairs) if pair[0].lower() != TOKEN_HEADER]


def _without_token(pairs: Pairs, token: bytes) -> Pairs:
    """The headers to forward, if the token is among them."""
    allowed = False
    kept: Pairs = []
    for name, value in pairs:
        scheme, _, credentials = value.strip().partition(b" ")
        if name.lower() == TOKEN_HEADER:
            allowed |= hmac.compare_digest(value.strip(), token)
        elif (
            name.lower() == b"authorization"
            and scheme.lower() == b"bearer"
            and hmac.compare_digest(credentials.strip(), token)
        ):
            allowed = True
        else:
            kept.append((name, value))
    if not allowed:
        detail = "This gateway needs its token, as X-Gateway-Token or as Authorization: Bearer."
        raise RequestRejected(401, "GATEWAY_TOKEN_REQUIRED", detail, [("WWW-Authenticate", "Bearer")])
    return end_to_end_headers(kept)


def _check_local(scope: Scope, lowered: Pairs) -> None:
    """Raise :class:`RequestRejected` unless a request that would use the owner's key is from a local program."""
    hosts = [str(scope["server"][0])] if scope.get("server") else []
    remote = False
    for name, value in lowered:
        match name:
            case b"host":
                hosts.append(_hostname(f"//{value.decode('latin-1')}"))
            case b"origin":
                hosts.append(_hostname(value.decode("latin-1")))
            case b"sec-fetch-site":
                remote |= value.strip().lower() == b"cross-site"
            case _:
                remote |= _FORWARDED.fullmatch(name) is not None
    if remote or not all(map(is_loopback, hosts)):
        raise RequestRejected(
            403,
            "GATEWAY_TOKEN_REQUIRED",
            "This gateway uses its owner's key only for programs on this machine: not for web pages, and not for "
            f"clients of a proxy. Others need a token: set {TOKEN}, and send it as X-Gateway-Token.",
        )


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
