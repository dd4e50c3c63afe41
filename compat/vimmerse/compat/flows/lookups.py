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
from vimmerse.compat.flows import responses as answers
from vimmerse.compat.flows.context import Json, Steps, Talk, ok
from vimmerse.compat.rules.engine import Draft

Afford = Callable[[Json], object]
Found = Generator[V2Request, V2Response, Json | V2Response]


def path_of(talk: Talk, id: str, *, version: str = "/v2") -> str:
    """The path that a story or media is read from."""
    kind = "story" if "/story" in talk.call.operation.path else "media"
    return f"{version}/{kind}/{quote(id, safe='', errors='replace')}"


def look_up(talk: Talk, id: str = "", query: str = "") -> Found:
    """The story or media of this v2 id, or of the call's own; or the answer that is none."""
    response = yield talk.ask("GET", path_of(talk, id or talk.call.id) + query, look_up=True)
    if not ok(response):
        return response
    talk.known = True
    return talk.found(response, paid=False)


def not_found(talk: Talk, made: Draft, response: V2Response, afford: Afford = lambda found: None) -> Steps:
    """The answer to a paid call that v2 answered ``404``.

    ``afford`` raises where v1 would charge too much for what it knows under this id.
    """
    if talk.known or not talk.may_ask_v1 or (yield from _v2_knows(talk)):
        return talk.fail(response, made)
    return (yield from unknown(talk, made, response, afford))


def unknown(talk: Talk, made: Draft, response: V2Response, afford: Afford = lambda found: None) -> Steps:
    """As :func:`not_found`, where a look-up has shown already that v2 does not know the id."""
    if not talk.may_ask_v1:
        return talk.fail(response, made)
    found = yield from of_v1(talk)
    if found is None:
        return talk.fail(response, made)
    afford(found)
    return (yield from talk.ask_v1(paid=True))


def _v2_knows(talk: Talk) -> Generator[V2Request, V2Response, bool]:
    try:
        response = yield talk.ask("GET", path_of(talk, talk.call.id), look_up=True)
    except Exception:  # it never came: the first answer stands
        return True
    return response.status != 404


def of_v1(talk: Talk) -> Generator[V2Request, V2Response, Json | None]:
    """What v1 knows under the call's id; None for nothing, and where that can't be told."""
    try:
        response = yield talk.ask("GET", path_of(talk, talk.call.id, version=""), look_up=True, kind="v1")
    except Exception:  # as above
        return None
    if not ok(response):
        return None
    try:
        found: Any = answers.parse(response.body)
    except (ValueError, RecursionError):
        return None
    for _ in range(2):  # v1's page shows two wrappers around a media, its live answers have one
        if isinstance(found, dict) and isinstance(found.get("data"), dict):
            found = found["data"]
    if not isinstance(found, dict) or ("data" in found and not isinstance(found["data"], dict)):
        return None  # as {"data": null}
    return dict(found)
