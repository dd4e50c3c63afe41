"""Which jobs the exchanges of a call have created, as far as the answers tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import unquote, urlsplit

from vimmerse.compat.core.messages import V2Request, V2Response
from vimmerse.compat.flows.responses import parse

#: Paths of paid requests about something that is there already: the job is that thing's.
_STEP = re.compile(r"/(?:story/([^/]+)/(?:elements|scenes|videos|concat)|media/([^/]+)/process)/?$")
_UPDATE = re.compile(r"/media/([^/]+)(?:/edit)?/?$")


class _Exchange(Protocol):
    @property
    def request(self) -> V2Request: ...
    @property
    def response(self) -> V2Response: ...


def created_ids(exchanges: Iterable[_Exchange]) -> tuple[str, ...]:
    """The ids that successful answers to paid requests tell of, each once."""
    return tuple(dict.fromkeys(id for each in exchanges if _took(each) for id in _ids(each)))


def may_have_created(exchanges: Iterable[_Exchange]) -> bool:
    """Whether there may be a job whose id no answer tells: after a success without one, and after a 5xx."""
    return any(
        each.request.paid and (each.response.status >= 500 or (_took(each) and not _ids(each))) for each in exchanges
    )


def _took(exchange: _Exchange) -> bool:
    return exchange.request.paid and 200 <= exchange.response.status < 300


def _ids(exchange: _Exchange) -> list[str]:
    if ids := ids_in(exchange.response.body):
        return ids
    match = (_STEP if exchange.request.method == "POST" else _UPDATE).search(urlsplit(exchange.request.url).path)
    return [unquote(next(group for group in match.groups() if group))] if match else []


#: How an answer may call the job that it tells of.
_NAMES = ("id", "media_id", "story_id", "batch_id")
_MOST = 100  # of one answer
# In an answer that can't be read: one that was cut off, say.
_IN_TEXT = re.compile(rb'"id"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,200})(?!\d))')


def ids_in(body: bytes) -> list[str]:
    """The ids of the jobs that an answer tells of, however it is wrapped."""
    try:
        left = [parse(body)] if body else []
    except (ValueError, RecursionError):
        match = _IN_TEXT.search(body)
        return [(match[1] or match[2]).decode("utf-8", "replace")] if match else []
    found: list[str] = []
    while left and len(found) < _MOST:
        value = left.pop()
        if isinstance(value, list):
            left += reversed(value)
        elif isinstance(value, dict):
            id = next((id for name in _NAMES if (id := _text(value.get(name)))), "")
            if id and id not in found:
                found.append(id)
            left.append(value.get("data"))
    return found


def _text(id: object) -> str:
    if isinstance(id, bool) or not isinstance(id, str | int):
        return ""
    try:
        return str(id)
    except ValueError:  # more digits than Python writes
        return ""
