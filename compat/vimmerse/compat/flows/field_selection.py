"""``GET /media/{id}?fields=...``: v1's names, asked of v2 as the fields that they come from.

Law: the answer has the names that were asked for; what had to be asked of v2 for them stays out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: The fields of a v2 media (``api/v2-media.txt``); a test compares them with ``openapi/v2.yaml``.
V2_MEDIA = frozenset(
    {
        "id",
        "title",
        "description",
        "customer_id",
        "primary_user_id",
        "media_items",
        "duration_time",
        "processing_status",
        "pose_preset",
        "submit_params",
        "result",
        "webhook_url",
        "created_at",
        "updated_at",
        "version",
    }
)
_FROM: Mapping[str, str] = {"progress_percentage": "processing_status", "is_transition": "media_items"}


def wanted(fields: Iterable[Any]) -> list[str]:
    """The names in the ``fields`` parameters of a query, each once. Libraries repeat the key for a list."""
    parts = [part.strip() for text in fields if isinstance(text, str) for part in text.split(",")]
    return [name for name in dict.fromkeys(parts) if name]


def sources(names: Sequence[str]) -> list[str]:
    """The v2 fields that these come from; ``id`` alone where v2 has nothing for any of them."""
    found = [_FROM.get(name, name) for name in names]
    return list(dict.fromkeys(name for name in found if name in V2_MEDIA)) or ["id"]


def chosen(shown: Mapping[str, Any], found: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Of a v1 media what was asked for. ``found``: v2's answer, which it may have more in than it was asked."""
    own = {name: shown[name] for name in names if name in shown and (name in found or name not in V2_MEDIA)}
    asked = {*names, *sources(names)}
    return {**{name: shown[name] for name in found if name in shown and name not in asked}, **own}
