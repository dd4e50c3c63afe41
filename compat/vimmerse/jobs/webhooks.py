"""Reading the POST that the service sends when a job has ended.

v1 documents ``{"customer_id", "batch_id", "status"}`` for a story and ``{"customer_id", "media_id", "status"}`` for a
media, but also shows a media's id as ``batch_id``, which alone does not show the kind. v2 documents no payload, so
``story_id`` and ``id`` are accepted too, and a complete story or media, with or without a ``data`` wrapper.

Webhooks are not signed: anyone who knows the URL can post to it. Treat an event as a hint to look the job up with your
own key (``wait(client, event)``), never as a fact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast
from urllib.parse import parse_qsl

from vimmerse.jobs.errors import WebhookError
from vimmerse.jobs.states import CANCELLED, FAILED, SUCCEEDED, MaybeKind, normalised, unusable_id, v1_status

#: Bytes; real webhooks have about a hundred.
MAX_SIZE = 64 * 1024

_IDS = ("media_id", "story_id", "batch_id", "id")
_STORY_FIELDS = frozenset({"all_medias", "storyboard", "video_url"})  # that only a complete story has
_WRAPPERS = 3  # v1's documentation shows a media in two
# JSON can't begin like this, so a form is recognised without its Content-Type.
_FORM = re.compile(rb"\w+=")

Body = bytes | bytearray | memoryview | str | Mapping[str, object]


class RequestHeaders(Protocol):
    """A request's headers: a mapping, or what Starlette, Django or Werkzeug have instead. Names may be in any case."""

    def items(self) -> Iterable[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What a webhook says. It is not signed, and so only a hint.

    ``kind``: ``"story"``, ``"media"``, or ``"unknown"`` if only ``batch_id`` or ``id`` was sent; ``wait`` finds out.
    ``id``: the story's or media's. ``customer_id``: as it was sent, or None.
    ``status``: as it was sent; may be empty.
    ``raw``: the entire payload.
    """

    kind: MaybeKind
    id: str
    customer_id: str | None
    status: str
    raw: Mapping[str, object] = field(repr=False, compare=False)

    @property
    def succeeded(self) -> bool:
        """Whether it says that there is a result."""
        return normalised(self.status) in SUCCEEDED

    @property
    def failed(self) -> bool:
        """Whether it says that the job failed or was cancelled."""
        return normalised(self.status) in FAILED | CANCELLED

    @property
    def finished(self) -> bool:
        """Whether it says that the job has ended, successfully or not."""
        return self.succeeded or self.failed

    @property
    def idempotency_key(self) -> str:
        """The same opaque text for the same event: remember it, since a webhook may be delivered twice."""
        # batch_id alone counts as a story's, so that the text does not depend on whether story_id was sent too.
        kind = "story" if self.kind == "unknown" and self.raw.get("batch_id") else self.kind
        return f"{kind}:{self.id}:{normalised(self.status)}"


def parse_webhook(body: Body, *, headers: RequestHeaders | None = None, max_size: int = MAX_SIZE) -> WebhookEvent:
    """Read a webhook's body: JSON or a form, or what a framework has parsed.

    ``headers``: the request's. A form is recognised without them too; anything else is read as JSON.
    ``max_size``: in bytes. Stop reading a request that is longer before you call this.

    Raises:
        WebhookError: the body is not a webhook: too long, not a JSON object, without an id, or with a field of the
            wrong type. Respond with its ``status``.
    """
    fields = _fields(body, headers, max_size)
    for _ in range(_WRAPPERS):
        inner = fields.get("data")
        if not isinstance(inner, dict) or any(map(fields.get, _IDS)):
            break
        fields = {**fields, **cast("dict[str, object]", inner)}
    kind, identifier = _identify(fields)
    status = _text(fields, "status") or _text(fields, "processing_status") or ""
    return WebhookEvent(kind, identifier, _text(fields, "customer_id"), status, fields)


def v1_payload(
    body: Body | WebhookEvent, *, headers: RequestHeaders | None = None, max_size: int = MAX_SIZE
) -> dict[str, str]:
    """Return a webhook's payload as v1 sends it, for a receiver that was written for v1.

    What the body does not say is ``""``. The status is one of v1's: a story's failure or cancellation is ``fail``; a
    media's is ``fail`` or ``cancel``, and ``queue_bullet`` or ``processing_bullet`` before its end. Undocumented
    statuses stay as they are. If the body does not show whether it is about a story or a media, its id becomes
    ``batch_id``, as v1 sends it; ``wait(client, parse_webhook(body))`` finds out.

    ``body``, ``headers``, ``max_size``: as for :func:`parse_webhook`, whose event is accepted too.

    Raises:
        WebhookError: the body is not a webhook. Respond with its ``status``.
    """
    event = body if isinstance(body, WebhookEvent) else parse_webhook(body, headers=headers, max_size=max_size)
    id_name = "media_id" if event.kind == "media" else "batch_id"
    status = v1_status(event.kind, event.status)
    return {"customer_id": event.customer_id or "", id_name: event.id, "status": status}


def _fields(body: Body, headers: RequestHeaders | None, max_size: int) -> dict[str, object]:
    if isinstance(body, Mapping):
        # By key: frameworks have dicts that hold a list for each key and return its first item.
        return {name: body[name] for name in body}
    if not isinstance(body, bytes | bytearray | memoryview | str):  # parsed JSON
        raise WebhookError(f"The body must be a JSON object, not {type(body).__name__}.")
    by_name = {name.lower(): value or "" for name, value in (headers.items() if headers is not None else ())}
    encoding = by_name.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise WebhookError(f"The body is compressed ({encoding!r}): decompress it first, with a limit.")
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    if len(data) > max_size:
        raise WebhookError(f"The body has {len(data)} bytes; at most {max_size} are read.", status=413)
    content_type = by_name.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if content_type == "application/x-www-form-urlencoded" or _FORM.match(data):
            return dict(parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=100))
        value: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WebhookError(f"The body is not JSON: {type(error).__name__}.") from None
    if not isinstance(value, dict):
        raise WebhookError(f"The body must be a JSON object, not {type(value).__name__}.")
    return cast("dict[str, object]", value)


def _identify(fields: Mapping[str, object]) -> tuple[MaybeKind, str]:
    media, story, batch, plain = (_text(fields, name) for name in _IDS)
    kind: MaybeKind
    whole: MaybeKind = "media" if "processing_status" in fields else "unknown"  # if it is a complete story or media
    if not _STORY_FIELDS.isdisjoint(fields):
        whole = "story"
    if media:
        kind, identifier = "media", media
    elif story:
        kind, identifier = "story", story
        if batch and batch != story:
            raise WebhookError("The body names two different stories.")
    elif plain and (whole != "unknown" or not batch):
        kind, identifier = whole, plain  # the batch_id of a complete media is its story's id
    elif batch:
        # A processing_status proves nothing here: it may come with a story's id.
        kind, identifier = "story" if whole == "story" else "unknown", batch
    else:
        raise WebhookError(f"The body names no job: it has none of {', '.join(_IDS)}.")
    reason = unusable_id(identifier)
    if reason:
        raise WebhookError(f"The body's id is unusable: {reason}.")
    return kind, identifier


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise WebhookError(f"The field {name} must be text, not {type(value).__name__}.")
    return value
