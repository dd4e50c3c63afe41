"""Kinds of jobs, and what their statuses mean.

The words are those of both specs (``x-final``): webhooks may use either version's. A status that neither lists is not
final: waits go on.
"""

from __future__ import annotations

from typing import Literal, TypeGuard

from vimmerse.v1 import facts as v1
from vimmerse.v2 import facts as v2

Kind = Literal["story", "media"]
#: For webhooks: a payload with ``batch_id`` or ``id`` alone does not say which kind its job is.
MaybeKind = Literal["story", "media", "unknown"]


def _words(outcome: str) -> frozenset[str]:
    tables = (*v1.STATUSES.values(), *v2.STATUSES.values())
    return frozenset(word for table in tables for word, meaning in table.items() if meaning == outcome)


SUCCEEDED, FAILED, CANCELLED, RUNNING = map(_words, ("succeeded", "failed", "cancelled", "running"))
KNOWN = SUCCEEDED | FAILED | CANCELLED | RUNNING

# v1 uses one word for every failure of a story, and has its own words for medias in progress.
_V1_MEDIA = {"new": "queue_bullet", "queued": "queue_bullet", "processing": "processing_bullet"}


def normalised(status: object) -> str:
    """A status as it is spelled in the sets above; empty if it is not text."""
    return status.strip().lower() if isinstance(status, str) else ""


def v1_status(kind: MaybeKind, status: str) -> str:
    """A status in v1's words; an unlisted one stays as it is.

    If the kind is unknown every failure is ``fail``, which v1 uses for both kinds; it uses ``cancel`` for medias only.
    """
    word = normalised(status)
    if word in FAILED:
        return "fail"
    if word in CANCELLED:
        return "cancel" if kind == "media" else "fail"
    if kind == "media":
        word = _V1_MEDIA.get(word, word)
    return word if word in KNOWN else status


def is_kind(kind: object) -> TypeGuard[Kind]:
    """Whether ``kind`` is ``"story"`` or ``"media"``."""
    return kind in ("story", "media")


def unusable_id(text: object) -> str:
    """Why ``text`` can't be a job's id, or empty if it can."""
    if not isinstance(text, str):
        return f"it must be text, not {type(text).__name__}"
    if not text.strip() or text in (".", ".."):
        return f"it is {text!r}"
    if len(text) > 256 or not text.isprintable():
        return "it is too long or has control characters"
    return ""
