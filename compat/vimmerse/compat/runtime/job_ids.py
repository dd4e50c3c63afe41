"""Which jobs the exchanges of a call have created, according to the responses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import unquote, urlsplit

from vimmerse.compat.core.messages import V2Request, V2Response
from vimmerse.compat.flows.responses import parse

#: Paths of paid requests about a story or media that exists: its id is the job's.
_STEP = re.compile(r"/(?:story/([^/]+)/(?:elements|scenes|videos|concat)|media/([^/]+)/process)/?$")
_UPDATE = re.compile(r"/media/([^/]+)(?:/edit)?/?$")

_ID_FIELDS = ("id", "media_id", "story_id", "batch_id")
_MAX_IDS = 100  # of one response
#: An id in a response that is not valid JSON, such as one that was cut off.
_ID_IN_TEXT = re.compile(rb'"id"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,200})(?!\d))')


class _Exchange(Protocol):
    @property
    def request(self) -> V2Request: ...
    @property
    def response(self) -> V2Response: ...


def created_ids(exchanges: Iterable[_Exchange]) -> tuple[str, ...]:
    """Return the ids in successful responses to paid requests, each once."""
    return tuple(dict.fromkeys(id for exchange in exchanges if _succeeded(exchange) for id in _job_ids(exchange)))


def may_have_created(exchanges: Iterable[_Exchange]) -> bool:
    """Whether there may be a job whose id is in no response: after a success without an id, and after a 5xx."""
    return any(
        exchange.request.paid and (exchange.response.status >= 500 or (_succeeded(exchange) and not _job_ids(exchange)))
        for exchange in exchanges
    )


def _succeeded(exchange: _Exchange) -> bool:
    return exchange.request.paid and 200 <= exchange.response.status < 300


def _job_ids(exchange: _Exchange) -> list[str]:
    if ids := ids_in(exchange.response.body):
        return ids
    match = (_STEP if exchange.request.method == "POST" else _UPDATE).search(urlsplit(exchange.request.url).path)
    return [unquote(next(group for group in match.groups() if group))] if match else []


def ids_in(body: bytes) -> list[str]:
    """Return the ids of the jobs in a response body, however they are nested in lists and ``data``."""
    try:
        values = [parse(body)] if body else []
    except (ValueError, RecursionError):
        match = _ID_IN_TEXT.search(body)
        return [(match[1] or match[2]).decode("utf-8", "replace")] if match else []
    ids: list[str] = []
    while values and len(ids) < _MAX_IDS:
        value = values.pop()
        if isinstance(value, list):
            values += reversed(value)
        elif isinstance(value, dict):
            id = next((id for name in _ID_FIELDS if (id := _text(value.get(name)))), "")
            if id and id not in ids:
                ids.append(id)
            values.append(value.get("data"))
    return ids


def _text(id: object) -> str:
    return str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""
