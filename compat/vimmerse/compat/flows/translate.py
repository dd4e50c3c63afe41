"""Just the translation, with no network: one v1 call's v2 request, and one v2 answer's v1 shape.

For tests, for other transports, and for the curious. A call that takes several requests (an upload before it, a
follow-up) is a conversation: :func:`translate_request` gives its first request, and
:func:`translate_response` refuses what needs more.
"""

from __future__ import annotations

import json as _json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from vimmerse.compat.core.errors import TranslationError
from vimmerse.compat.core.messages import Headers, Pairs, V1Request, V1Response, V2Request, V2Response
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.core.redaction import shown_url
from vimmerse.compat.flows.context import Flow
from vimmerse.compat.flows.dispatch import begin
from vimmerse.compat.flows.routing import find_v1_call


def v1_request(
    method: str,
    url: str,
    *,
    data: Mapping[str, Any] | bytes | None = None,
    json: Any = None,
    headers: Mapping[str, str] | Pairs = (),
    policy: Policy | None = None,
) -> V1Request:
    """A v1 request from what one would give to ``requests.request``.

    ``url`` may be a path alone (``/story/idea-2-video``); ``data`` is a form's fields (a list repeats its key) or a
    raw body; ``json`` any JSON value.
    """
    if data is not None and json is not None:
        raise TypeError("give data or json, not both")
    if isinstance(headers, Mapping):
        headers = cast("Mapping[str, str]", headers).items()
    pairs = Headers(headers)
    named = any(name.lower() == "content-type" for name, _ in pairs)
    body = b""
    kind = ""
    if json is not None:
        body, kind = _json.dumps(json).encode(), "application/json"
    elif isinstance(data, bytes):
        body = data
    elif data:
        fields = {name: value for name, value in data.items() if value is not None}
        body, kind = urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
    if kind and not named:
        pairs = pairs.adding(("Content-Type", kind))
    if url.startswith("/"):
        url = (policy or Policy.from_env()).base_url + url
    return V1Request(method.upper(), url, pairs, body)


def translate_request(
    method: str,
    url: str,
    *,
    data: Mapping[str, Any] | bytes | None = None,
    json: Any = None,
    headers: Mapping[str, str] | Pairs = (),
    policy: Policy | None = None,
) -> V2Request:
    """The (first) v2 request that a v1 call becomes; its ``notices`` say what changed. Arguments as for requests.

    Raises :class:`TranslationError` where the policy refuses the call, ``ValueError`` for a call that is not v1's.
    """
    chosen = policy or Policy.from_env()
    try:
        return next(_conversation(method, url, data, json, headers, chosen))
    except StopIteration as done:
        raise _needs_none(done.value) from None


def _conversation(
    method: str,
    url: str,
    data: Mapping[str, Any] | bytes | None,
    json: Any,
    headers: Mapping[str, str] | Pairs,
    policy: Policy,
) -> Flow:
    request = v1_request(method, url, data=data, json=json, headers=headers, policy=policy)
    flow = begin(request, policy)
    if flow is None or find_v1_call(request.method, request.url, policy) is None:
        raise ValueError(f"{request.method} {shown_url(request.url)} is no v1 Story or Media call")
    return flow


def _needs_none(answer: V1Response) -> TranslationError:
    return TranslationError(f"this call is answered {answer.status} without a request: {answer.body.decode()}")


def translate_response(
    method: str,
    url: str,
    status: int,
    body: Any,
    *,
    data: Mapping[str, Any] | bytes | None = None,
    json: Any = None,
    headers: Mapping[str, str] | Pairs = (),
    policy: Policy | None = None,
) -> V1Response:
    """The v1 answer that a v2 answer becomes.

    ``method``, ``url``, ``data`` and ``json`` are the v1 call's, as for :func:`translate_request`; ``status`` and
    ``body`` (a JSON value, or bytes) are what v2 answered to it.

    Raises :class:`TranslationError` where one answer does not end the conversation.
    """
    chosen = policy or Policy.from_env()
    context = _conversation(method, url, data, json, headers, chosen)
    try:
        next(context)
    except StopIteration as done:
        raise _needs_none(done.value) from None
    content = body if isinstance(body, bytes) else _json.dumps(body).encode()
    kind = () if isinstance(body, bytes) else (("Content-Type", "application/json"),)
    try:
        following = context.send(V2Response(status, kind, content))
    except StopIteration as done:
        answer: V1Response = done.value
        return answer
    context.close()
    raise TranslationError(
        f"one answer does not end this call: {following.method} {following.url.partition('?')[0]} comes next. "
        "Drive vimmerse.compat.flows.dispatch.begin instead."
    )
