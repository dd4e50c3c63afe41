"""``GET /media/{id}?fields=...``: v1's names, requested from v2 as the fields that they come from.

The response has the names that were requested, and not the fields that were requested from v2 to derive them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vimmerse.compat.rules.response_fields import OBJECTS

_MEDIA = OBJECTS["media"]
#: The fields of a v2 media.
V2_MEDIA = _MEDIA.names()
_SOURCES: Mapping[str, str] = {row.v1: row.v2 for row in _MEDIA.fields if row.kind == "computed"}


def requested_fields(values: Iterable[Any]) -> list[str]:
    """Return the names in the ``fields`` parameters of a query, each once. Libraries repeat the key for a list."""
    names = [name.strip() for value in values if isinstance(value, str) for name in value.split(",")]
    return [name for name in dict.fromkeys(names) if name]


def source_fields(names: Sequence[str]) -> list[str]:
    """Return the v2 fields that these come from, or ``id`` alone if v2 has nothing for any of them."""
    sources = [_SOURCES.get(name, name) for name in names]
    return list(dict.fromkeys(name for name in sources if name in V2_MEDIA)) or ["id"]


def select_fields(v1_media: Mapping[str, Any], v2_media: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return what was requested of a v1 media, and what v2 sent unrequested."""
    own = {name: v1_media[name] for name in names if name in v1_media and (name in v2_media or name not in V2_MEDIA)}
    requested = {*names, *source_fields(names)}
    return {**{name: v1_media[name] for name in v2_media if name in v1_media and name not in requested}, **own}
