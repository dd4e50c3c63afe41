"""The ``scenes`` of v1's ``POST /story/{story_id}/videos``: what they change in a storyboard.

Entries are merged by index and field by field: what an entry does not name stays as the storyboard has it, and entries
beyond the last scene become scenes of their own. What is not a list of objects stays as it is: v2 rejects it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vimmerse.compat.rules.engine import Rule
from vimmerse.compat.rules.kinds import combined

_SAME = ("name", "image_description", "narrator", "image_url", "narration_url")

SCENE_RULES: tuple[Rule, ...] = (
    *(combined(name, f"storyboard.scenes.{name}", "Same name and meaning.", kind="same") for name in _SAME),
    combined("prompt", "storyboard.scenes.video_description", "What moves in the scene.", kind="renamed"),
)


def unwrap_scenes(scenes: Any) -> Any:
    """Return the list in ``{"scenes": [...]}``, or anything else unchanged."""
    if isinstance(scenes, Mapping) and isinstance(scenes.get("scenes"), list):
        return scenes["scenes"]
    return scenes


def to_v2_scene(entry: Any) -> Any:
    """Return an entry with ``prompt`` as ``video_description``. If both are set, the newer name wins."""
    if not isinstance(entry, dict) or "prompt" not in entry:
        return entry
    scene = {name: value for name, value in entry.items() if name != "prompt"}
    if scene.get("video_description") in (None, ""):
        scene["video_description"] = entry["prompt"]
    return scene


def loses_prompt(entry: Any) -> bool:
    """Return whether an entry has a ``prompt`` that its ``video_description`` replaces."""
    if not isinstance(entry, dict):
        return False
    old, new = entry.get("prompt"), entry.get("video_description")
    return old not in (None, "") and new not in (None, "") and old != new


def merge(scenes: Any, entries: list[Any]) -> tuple[list[Any], list[str]]:
    """Merge entries into a storyboard's scenes (anything but a list counts as none).

    Returns the merged list, and the fields of which a value was replaced by another.
    """
    merged = list(scenes) if isinstance(scenes, list) else []
    replaced: list[str] = []
    for index, entry in enumerate(entries):
        if index >= len(merged):
            merged.append(entry)
            continue
        scene = merged[index]
        if isinstance(scene, dict) and isinstance(entry, dict):
            for name, value in entry.items():
                if scene.get(name) not in (None, "") and scene[name] != value:
                    replaced.append(f"scenes.{index}.{name}")
            # A response has keys that the scene lacks as empty ones. Sent back, they must not be added to it.
            changes = {name: value for name, value in entry.items() if value not in (None, "") or name in scene}
            merged[index] = {**scene, **changes}
        elif entry is not None:
            merged[index] = entry
    return merged, replaced


def complete_storyboard(given: dict[str, Any], own: Any) -> dict[str, Any]:
    """Return the story's own storyboard, updated with the one that was given, whose ``scenes`` are entries to merge."""
    board = own if isinstance(own, dict) else {}
    return {**board, **given, "scenes": merge(board.get("scenes"), given["scenes"])[0]}
