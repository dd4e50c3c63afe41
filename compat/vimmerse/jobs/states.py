"""Kinds of jobs and what their statuses mean.

Sources: ``api/v2-story.txt``, ``api/v2-media.txt`` (new, processing, success, failed), ``api/v1-*.txt`` (fail, cancel,
queue_bullet, processing_bullet); webhooks may speak either version. A status that is in no list is not final: it is
shown to the caller and waited on.
"""

from __future__ import annotations

from typing import Literal, TypeGuard

Kind = Literal["story", "media"]
#: The kind of a webhook's job too: a payload with ``batch_id`` or ``id`` alone does not say which it is.
MaybeKind = Literal["story", "media", "unknown"]

SUCCEEDED = frozenset({"success"})
FAILED = frozenset({"fail", "failed", "error"})
CANCELLED = frozenset({"cancel", "cancelled", "canceled"})
RUNNING = frozenset({"new", "queued", "processing", "queue_bullet", "processing_bullet"})
KNOWN = SUCCEEDED | FAILED | CANCELLED | RUNNING

# Version 1's words: its stories have one for every failure, its medias have words of their own for what is under way.
_V1_MEDIA = {"new": "queue_bullet", "queued": "queue_bullet", "processing": "processing_bullet"}


def normalised(status: object) -> str:
    """A status as the sets above have it; empty if it is no text."""
    return status.strip().lower() if isinstance(status, str) else ""


def v1_status(kind: MaybeKind, status: str) -> str:
    """A status in version 1's words; one that is in no list stays as it is.

    Of an unknown kind every failure is ``fail``: both kinds have that word, ``cancel`` is known to medias alone.
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
    """Whether it is ``"story"`` or ``"media"``."""
    return kind in ("story", "media")


def unusable_id(text: object) -> str:
    """Why this is no job's id, or empty if it may be one."""
    if not isinstance(text, str):
        return f"it must be text, not {type(text).__name__}"
    if not text.strip() or text in (".", ".."):
        return f"it is {text!r}"
    if len(text) > 256 or not text.isprintable():
        return "it is too long or has control characters"
    return ""
