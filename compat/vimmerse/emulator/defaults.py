"""What each version uses for an omitted field: ``x-default`` of the specs."""

from __future__ import annotations

from typing import Any

from vimmerse.emulator.models import Motion, Version
from vimmerse.v1 import facts as v1
from vimmerse.v2 import facts as v2

_DEFAULTS = {"v1": v1.DEFAULTS, "v2": v2.DEFAULTS}
_V1_NAMES = {"video_tool": "motion_type", "scene_duration": "duration"}


def default(version: Version, path: str, field: str) -> Any:
    """What a POST that omits a field means. ``path``: without ``/v2``; ``field``: by v2's name."""
    if version == "v1":
        return _DEFAULTS["v1"][f"POST {path}"][_V1_NAMES.get(field, field)]
    return _DEFAULTS["v2"][f"POST /v2{path}"][field]


def default_motion(version: Version) -> Motion:
    """The motion of a media whose creation names nothing of it."""
    tool, quantity, duration, loop = (
        default(version, "/media", name) for name in ("video_tool", "quantity", "duration", "loop")
    )
    return Motion(tool, quantity=quantity, duration=duration, loop=loop)
