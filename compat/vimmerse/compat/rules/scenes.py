"""The fields of an entry of ``scenes``, which POST /story/{id}/videos lays over the storyboard's scenes by index."""

from __future__ import annotations

from vimmerse.compat.core.engine import Rule
from vimmerse.compat.core.kinds import joined

_SAME = ("name", "image_description", "narrator", "image_url", "narration_url")

SCENE_RULES: tuple[Rule, ...] = (
    *(joined(name, f"storyboard.scenes.{name}", "Same name and meaning.", kind="same") for name in _SAME),
    joined("prompt", "storyboard.scenes.video_description", "What moves in the scene.", kind="renamed"),
)
