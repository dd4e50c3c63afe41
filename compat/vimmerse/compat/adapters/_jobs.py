"""Which jobs the exchanges of a call have created, as far as the answers tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import unquote, urlsplit

from vimmerse.compat.core.answers import parse
from vimmerse.compat.core.messages import V2Request, V2Response

#: Paths of paid requests about something that is there already: the job is that thing's.
_STEP = re.compile(r"/(?:story/([^/]+)/(?:elements|scenes|videos|concat)|media/([^/]+)/process)/?$")
_UPDATE = re.compile(r"/media/([^/]+)(?:/edit)?/?$")


class _Exchange(Protocol):
    @property
    def request(self) -> V2Request: ...
    @property
    def response(self) -> V2Response: ...


def created(exchanges: Iterable[_Exchange]) -> tuple[str, ...]:
    """The ids that successful answers to paid requests tell of, each once."""
    return tuple(dict.fromkeys(id for each in exchanges if _took(each) and (id := _id(each))))


def may_exist(exchanges: Iterable[_Exchange]) -> bool:
    """Whether there may be a job whose id no answer tells: after a success without one, and after a 5xx."""
    return any(
        each.request.paid and (each.response.status >= 500 or (_took(each) and not _id(each))) for each in exchanges
    )


def _took(exchange: _Exchange) -> bool:
    return exchange.request.paid and 200 <= exchange.response.status < 300


def _id(exchange: _Exchange) -> str:
    try:
        found = parse(exchange.response.body) if exchange.response.body else None
    except (ValueError, RecursionError):
        found = None
    while isinstance(found, dict):
        id = found.get("id")
        if isinstance(id, str | int) and not isinstance(id, bool) and id != "":
            return str(id)
        found = found.get("data")
    match = (_STEP if exchange.request.method == "POST" else _UPDATE).search(urlsplit(exchange.request.url).path)
    return unquote(next(group for group in match.groups() if group)) if match else ""
