"""Reading the POST that the service makes when a job has ended.

The payload of version 1 (``api/v1-story.txt``, ``api/v1-media.txt``) is ``{"customer_id", "batch_id", "status"}`` for a
story and ``{"customer_id", "media_id", "status"}`` for a media. A published example has a media's id as ``batch_id``,
so ``batch_id`` alone does not say which kind it is. Version 2 documents no payload, so ``story_id`` and ``id`` are
taken too, and a whole story or media, in a ``data`` wrapper or without. :func:`v1_payload` turns all of them into
version 1's payload.

Nothing is signed: anyone who knows the address can post to it. An event is a hint to look the job up with your own
key (``wait(client, event)``), never a reason to act by itself.
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

#: Bytes; the real ones have about a hundred.
MAX_SIZE = 64 * 1024

_IDS = ("media_id", "story_id", "batch_id", "id")
# Fields that only a whole story or a whole media has.
_STORY_FIELDS = frozenset({"all_medias", "storyboard", "video_url"})
_MEDIA_FIELDS = frozenset({"processing_status"})
_WRAPPERS = 3  # v1's page shows a media in two
# JSON can't begin like this, so a form is known without its Content-Type.
_FORM = re.compile(rb"\w+=")


class Headers(Protocol):
    """A request's headers: a mapping, or what Starlette, Django or Werkzeug have for one."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names, in any case, and values."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What a webhook says: a hint that is not signed, see above.

    ``kind``: ``"story"``, ``"media"``, or ``"unknown"`` where only ``batch_id`` or ``id`` was given: it may be
    either, and ``wait(client, event)`` finds out.
    ``status``: as it was sent; may be empty.
    ``raw``: the whole payload.
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
        """Whether it says that there will be no result: failed or cancelled."""
        return normalised(self.status) in FAILED | CANCELLED

    @property
    def finished(self) -> bool:
        """Whether it says that the job has ended, one way or the other."""
        return self.succeeded or self.failed

    @property
    def idempotency_key(self) -> str:
        """The same text for the same news: remember it, since webhooks may come twice.

        It is opaque, and says nothing of the job's kind: ``batch_id`` alone counts as a story's here, so that the
        text does not depend on whether ``story_id`` came with it.
        """
        kind = "story" if self.kind == "unknown" and self.raw.get("batch_id") else self.kind
        return f"{kind}:{self.id}:{normalised(self.status)}"


def parse_webhook(
    body: bytes | bytearray | memoryview | str | Mapping[str, object],
    *,
    headers: Headers | None = None,
    max_size: int = MAX_SIZE,
) -> WebhookEvent:
    """Read a webhook's body, which may be parsed JSON already.

    ``headers``: the request's. A form (``application/x-www-form-urlencoded``) is read as one, without headers too;
    everything else is read as JSON. ``max_size``: in bytes. Stop reading a request that is longer before you call this.

    Raises:
        WebhookError: it is no webhook: too long, no JSON, no object, no id, a field of the wrong type. Answer with
            its ``status``.
    """
    given = {name.lower(): value or "" for name, value in (headers.items() if headers is not None else ())}
    fields = _fields(body, given, max_size)
    for _ in range(_WRAPPERS):
        inner = fields.get("data")
        if not isinstance(inner, dict) or any(map(fields.get, _IDS)):
            break
        fields = {**fields, **cast("dict[str, object]", inner)}
    kind, identifier = _identify(fields)
    status = _text(fields, "status") or _text(fields, "processing_status") or ""
    return WebhookEvent(kind, identifier, _text(fields, "customer_id"), status, fields)


def v1_payload(
    body: bytes | bytearray | memoryview | str | Mapping[str, object] | WebhookEvent,
    *,
    headers: Headers | None = None,
    max_size: int = MAX_SIZE,
) -> dict[str, str]:
    """A webhook in version 1's shape, whatever shape it came in, for a receiver that was written for version 1.

        handler(v1_payload(request.body))

    A story gives ``{"customer_id", "batch_id", "status"}``, a media ``{"customer_id", "media_id", "status"}``. The
    status is in version 1's words: a story's failure or cancellation is ``fail``; a media's is ``fail`` or ``cancel``,
    and ``queue_bullet`` or ``processing_bullet`` before its end. A status that is in no list stays as it is. What the
    body does not say is ``""``.

    Where the body does not tell a story from a media (``batch_id`` or ``id`` alone), its id is given as ``batch_id``:
    that is how version 1 sends it. Look it up to know: ``job = wait(client, parse_webhook(body))``.

    ``body``, ``headers``, ``max_size``: as for :func:`parse_webhook`, whose event may be given too. A webhook is not
    signed: it is no more to be trusted in this shape than in its own.

    Raises:
        WebhookError: it is no webhook. Answer with its ``status``.
    """
    event = body if isinstance(body, WebhookEvent) else parse_webhook(body, headers=headers, max_size=max_size)
    name = "media_id" if event.kind == "media" else "batch_id"
    return {
        "customer_id": event.customer_id or "",
        name: event.id,
        "status": v1_status(event.kind, event.status),
    }


def _fields(
    body: bytes | bytearray | memoryview | str | Mapping[str, object], headers: Mapping[str, str], max_size: int
) -> dict[str, object]:
    if isinstance(body, Mapping):
        # By key: frameworks have dicts that hold a list for each key, and give its first item.
        return {name: body[name] for name in body}
    if not isinstance(body, bytes | bytearray | memoryview | str):  # parsed JSON that is no object; None of no JSON
        raise WebhookError(f"The body must be a JSON object, not {type(body).__name__}.")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise WebhookError(f"The body is compressed ({encoding!r}): decompress it first, with a limit.")
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    if len(data) > max_size:
        raise WebhookError(f"The body has {len(data)} bytes; at most {max_size} are read.", status=413)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded" or _FORM.match(data):
            return dict(parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=100))
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WebhookError(f"The body is not JSON: {type(error).__name__}.") from None
    if not isinstance(found, dict):
        raise WebhookError(f"The body must be a JSON object, not {type(found).__name__}.")
    return cast("dict[str, object]", found)


def _identify(fields: Mapping[str, object]) -> tuple[MaybeKind, str]:
    media, story, batch, plain = (_text(fields, name) for name in _IDS)
    whole: MaybeKind = "unknown"
    if not _STORY_FIELDS.isdisjoint(fields):
        whole = "story"
    elif not _MEDIA_FIELDS.isdisjoint(fields):
        whole = "media"
    kind: MaybeKind
    if media:
        kind, found = "media", {media}
    elif story:
        kind, found = "story", {text for text in (story, batch) if text}
    elif plain and (whole != "unknown" or not batch):
        kind, found = whole, {plain}  # a whole media has its story's id, or none, as its batch_id
    elif batch:
        # Here a processing_status tells nothing: a story's id may come with it.
        kind, found = "story" if whole == "story" else "unknown", {batch}
    else:
        raise WebhookError(f"The body names no job: it has none of {', '.join(_IDS)}.")
    if len(found) > 1:
        raise WebhookError("The body names two different stories.")
    (identifier,) = found
    why = unusable_id(identifier)
    if why:
        raise WebhookError(f"The body's id is unusable: {why}.")
    return kind, identifier


def _text(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise WebhookError(f"The field {name} must be text, not {type(value).__name__}.")
    return value
