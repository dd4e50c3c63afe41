"""Look-ups: what is asked, free of charge, before or after a paid call by id.

Laws:

* A paid call that v2 answered ``404`` goes to v1 only where v2 does not know its id and v1 does. A look-up that fails
  counts as "v2 knows it": then nothing more is sent.
* With a limit, what a call's body leaves open is looked up before it is sent; what stays open is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import quote

from vimmerse.compat.core.messages import V2Request, V2Response
from vimmerse.compat.flows import responses
from vimmerse.compat.flows.context import CallContext, Flow, Json, is_success
from vimmerse.compat.rules.engine import Translation

Afford = Callable[[Json], object]
Found = Generator[V2Request, V2Response, Json | V2Response]


def path_of(context: CallContext, id: str, *, version: str = "/v2") -> str:
    """The path that a story or media is read from."""
    kind = "story" if "/story" in context.call.operation.path else "media"
    return f"{version}/{kind}/{quote(id, safe='', errors='replace')}"


def look_up(context: CallContext, id: str = "", query: str = "") -> Found:
    """The story or media of this v2 id, or of the call's own; or the answer that is none."""
    response = yield context.build_request("GET", path_of(context, id or context.call.id) + query, look_up=True)
    if not is_success(response):
        return response
    context.found_in_v2 = True
    return context.parse_object(response, paid=False)


def handle_not_found(
    context: CallContext, translation: Translation, response: V2Response, afford: Afford = lambda found: None
) -> Flow:
    """The answer to a paid call that v2 answered ``404``.

    ``afford`` raises where v1 would charge too much for what it knows under this id.
    """
    if context.found_in_v2 or not context.may_fall_back_to_v1 or (yield from _v2_knows(context)):
        return context.error_response(response, translation)
    return (yield from handle_unknown_id(context, translation, response, afford))


def handle_unknown_id(
    context: CallContext, translation: Translation, response: V2Response, afford: Afford = lambda found: None
) -> Flow:
    """As :func:`handle_not_found`, where a look-up has shown already that v2 does not know the id."""
    if not context.may_fall_back_to_v1:
        return context.error_response(response, translation)
    found = yield from look_up_in_v1(context)
    if found is None:
        return context.error_response(response, translation)
    afford(found)
    return (yield from context.fall_back_to_v1(paid=True))


def _v2_knows(context: CallContext) -> Generator[V2Request, V2Response, bool]:
    try:
        response = yield context.build_request("GET", path_of(context, context.call.id), look_up=True)
    except Exception:  # it never came: the first answer stands
        return True
    return response.status != 404


def look_up_in_v1(context: CallContext) -> Generator[V2Request, V2Response, Json | None]:
    """What v1 knows under the call's id; None for nothing, and where that can't be told."""
    try:
        response = yield context.build_request(
            "GET", path_of(context, context.call.id, version=""), look_up=True, kind="v1"
        )
    except Exception:  # as above
        return None
    if not is_success(response):
        return None
    try:
        found: Any = responses.parse(response.body)
    except (ValueError, RecursionError):
        return None
    for _ in range(2):  # v1's page shows two wrappers around a media, its live answers have one
        if isinstance(found, dict) and isinstance(found.get("data"), dict):
            found = found["data"]
    if not isinstance(found, dict) or ("data" in found and not isinstance(found["data"], dict)):
        return None  # as {"data": null}
    return dict(found)
