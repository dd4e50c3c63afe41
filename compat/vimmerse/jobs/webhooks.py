"""Reading the POST that the service makes when a job has ended.

The payload of version 1 (``api/v1-story.txt``, ``api/v1-media.txt``) is ``{"customer_id", "batch_id", "status"}`` for a
story and ``{"customer_id", "media_id", "status"}`` for a media. Version 2 documents none, so ``story_id`` and ``id``
are taken too, and a whole story or media, in a ``data`` wrapper or without.

Nothing is signed: anyone who knows the address can post to it. An event is a hint to look the job up with your own
key (``wait(client, event)``), never a reason to act by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast
from urllib.parse import parse_qsl

from vimmerse.jobs.errors import WebhookError
from vimmerse.jobs.states import CANCELLED, FAILED, SUCCEEDED, normalised, unusable_id

#: Bytes; the real ones have about a hundred.
MAX_SIZE = 64 * 1024

# The most telling first: version 1's media have a batch_id besides.
_MEDIA_IDS = ("media_id",)
_STORY_IDS = ("batch_id", "story_id")
_STORY_FIELDS = frozenset({"all_medias", "storyboard", "video_url"})


class Headers(Protocol):
    """A request's headers: a mapping, or what Starlette, Django or Werkzeug have for one."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names, in any case, and values."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What a webhook says: a hint that is not signed, see above.

    ``kind``: ``"story"``, ``"media"``, or ``"unknown"`` where only ``id`` was given.
    ``status``: as it was sent; may be empty.
    ``raw``: the whole payload.
    """

    kind: Literal["story", "media", "unknown"]
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
        """The same text for the same news: remember it, since webhooks may come twice."""
        return f"{self.kind}:{self.id}:{normalised(self.status)}"


def parse_webhook(
    body: bytes | bytearray | memoryview | str | Mapping[str, object],
    *,
    headers: Headers | None = None,
    max_size: int = MAX_SIZE,
) -> WebhookEvent:
    """Read a webhook's body, which may be parsed JSON already.

    ``headers``: the request's. A form (``application/x-www-form-urlencoded``) is read as one; everything else is read
    as JSON. ``max_size``: in bytes. Stop reading a request that is longer before you call this.

    Raises:
        WebhookError: it is no webhook: too long, no JSON, no object, no id, a field of the wrong type. Answer with
            its ``status``.
    """
    given = {name.lower(): value for name, value in (headers.items() if headers is not None else ())}
    fields = _fields(body, given, max_size)
    inner = fields.get("data")
    if isinstance(inner, dict) and not any(map(fields.get, (*_MEDIA_IDS, *_STORY_IDS, "id"))):
        fields = {**fields, **cast("dict[str, object]", inner)}
    kind, identifier = _identify(fields)
    status = _text(fields, "status") or _text(fields, "processing_status") or ""
    return WebhookEvent(kind, identifier, _text(fields, "customer_id"), status, fields)


def _fields(
    body: bytes | bytearray | memoryview | str | Mapping[str, object], headers: Mapping[str, str], max_size: int
) -> dict[str, object]:
    if isinstance(body, Mapping):
        return dict(body)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise WebhookError(f"The body is compressed ({encoding!r}): decompress it first, with a limit.")
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    if len(data) > max_size:
        raise WebhookError(f"The body has {len(data)} bytes; at most {max_size} are read.", status=413)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=100))
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WebhookError(f"The body is not JSON: {type(error).__name__}.") from None
    if not isinstance(found, dict):
        raise WebhookError(f"The body must be a JSON object, not {type(found).__name__}.")
    return cast("dict[str, object]", found)


def _identify(fields: Mapping[str, object]) -> tuple[Literal["story", "media", "unknown"], str]:
    medias = {text for name in _MEDIA_IDS if (text := _text(fields, name))}
    stories = {text for name in _STORY_IDS if (text := _text(fields, name))}
    plain = _text(fields, "id")
    kind: Literal["story", "media", "unknown"]
    if medias:
        kind, found = "media", medias
    elif stories:
        kind, found = "story", stories
    elif plain:
        found = {plain}
        kind = "media" if "processing_status" in fields else "story" if _STORY_FIELDS & fields.keys() else "unknown"
    else:
        names = ", ".join((*_MEDIA_IDS, *_STORY_IDS, "id"))
        raise WebhookError(f"The body names no job: it has none of {names}.")
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
