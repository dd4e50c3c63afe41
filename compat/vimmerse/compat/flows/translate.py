"""The translation alone, without a network: the v2 request of a v1 call, and the v1 response of a v2 response.

A call may take several requests, for example an upload first. :func:`translate_request` returns its first request, and
:func:`translate_response` raises if one response is not enough.
"""

from __future__ import annotations

import json as _json
from collections.abc import Mapping
from typing import Any, TypedDict, Unpack, cast
from urllib.parse import urlencode

from vimmerse._http.redaction import shown_url
from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import Headers, Pairs, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.routing import find_v1_call


class Arguments(TypedDict, total=False):
    """What a call sends, by the names of ``requests.request``; see :func:`v1_request`."""

    data: Mapping[str, Any] | bytes | None
    json: Any
    headers: Mapping[str, str] | Pairs


_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


def v1_request(
    method: str,
    url: str,
    *,
    data: Mapping[str, Any] | bytes | None = None,
    json: Any = None,
    headers: Mapping[str, str] | Pairs = (),
    policy: Policy | None = None,
) -> V1Request:
    """Return a v1 request, from arguments like those of ``requests.request``.

    Args:
        url: A URL, or only its path (``/story/idea-2-video``).
        data: The fields of a form (a list repeats its key), or a raw body.
        json: Any JSON value.
    """
    if data is not None and json is not None:
        raise TypeError("pass data or json, not both")
    if isinstance(headers, Mapping):
        headers = cast("Mapping[str, str]", headers).items()
    pairs = Headers(headers)
    body, content_type = b"", ""
    if json is not None:
        body, content_type = _json.dumps(json).encode(), _JSON
    elif isinstance(data, bytes):
        body = data
    elif data:
        fields = {name: value for name, value in data.items() if value is not None}
        body, content_type = urlencode(fields, doseq=True).encode(), _FORM
    if content_type and not any(name.lower() == "content-type" for name, _ in pairs):
        pairs = pairs.adding(("Content-Type", content_type))
    if url.startswith("/"):
        url = (policy or Policy.from_env()).base_url + url
    return V1Request(method.upper(), url, pairs, body)


def translate_request(
    method: str, url: str, *, policy: Policy | None = None, **arguments: Unpack[Arguments]
) -> V2Request:
    """Return the first v2 request of a v1 call; its ``notices`` say what changed. Nothing is sent.

        request = translate_request("POST", "/story/idea-2-video", data={"idea": "Rain"})
        request.method, request.url, request.body

    Args:
        method: The v1 call's method.
        url: Its URL, or the path alone.
        policy: How to translate. By default what the environment says: :meth:`Policy.from_env`.
        arguments: ``data`` (the fields of a form, or a raw body), ``json`` and ``headers``, as in
            ``requests.request``.

    Raises:
        TranslationError: The policy rejects the call, or it needs no request.
        ValueError: It is not a v1 call.
    """
    policy = policy or Policy.from_env()
    return _start(v1_request(method, url, policy=policy, **arguments), policy)[1]


def translate_response(
    method: str,
    url: str,
    status: int,
    body: Any,
    *,
    policy: Policy | None = None,
    **arguments: Unpack[Arguments],
) -> V1Response:
    """Return the v1 response to a v1 call whose v2 request returned ``status`` and ``body``. Nothing is sent.

    Args:
        method: The v1 call's method.
        url: Its URL, or the path alone.
        status: The status of the v2 response.
        body: Its body: a JSON value, or bytes.
        policy: How to translate, as in :func:`translate_request`.
        arguments: ``data``, ``json`` and ``headers`` of the v1 call, as in :func:`translate_request`.

    Raises:
        TranslationError: The policy rejects the call, or it needs another request.
        ValueError: It is not a v1 call.
    """
    policy = policy or Policy.from_env()
    flow, _ = _start(v1_request(method, url, policy=policy, **arguments), policy)
    content = body if isinstance(body, bytes) else _json.dumps(body).encode()
    response_headers = () if isinstance(body, bytes) else (("Content-Type", _JSON),)
    try:
        following = flow.send(V2Response(status, response_headers, content))
    except StopIteration as done:
        response: V1Response = done.value
        return response
    flow.close()
    raise TranslationError(
        f"this call needs more than one request: {following.method} {following.url.partition('?')[0]} is next. "
        "Drive vimmerse.compat.flows.dispatch.begin instead."
    )


def _start(request: V1Request, policy: Policy) -> tuple[Flow, V2Request]:
    """Return the flow of a v1 call, and its first request."""
    flow = begin(request, policy)
    if flow is None or find_v1_call(request.method, request.url, policy) is None:
        raise ValueError(f"{request.method} {shown_url(request.url)} is not a v1 Story or Media call")
    try:
        return flow, next(flow)
    except StopIteration as done:
        response: V1Response = done.value
        message = f"this call returns {response.status} without sending a request: {response.body.decode()}"
        raise TranslationError(message) from None
