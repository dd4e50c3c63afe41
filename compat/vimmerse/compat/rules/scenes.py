"""The ``scenes`` of v1's ``POST /story/{story_id}/videos``: what they change of a storyboard's own.

Laws:

* By index and field by field: what an entry does not name stays as the storyboard has it.
* Entries beyond the storyboard's last scene become scenes of their own.
* What is no list of objects is left as it is: v2 has the words for it.

Pure: values in, values out.
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


def entries_of(scenes: Any) -> Any:
    """The list in ``{"scenes": [...]}``, or what was given."""
    if isinstance(scenes, Mapping) and isinstance(scenes.get("scenes"), list):
        return scenes["scenes"]
    return scenes


def modern_entry(entry: Any) -> Any:
    """An entry in v2's words: ``prompt`` is ``video_description``; where both are full, the newer name wins."""
    if not isinstance(entry, dict) or "prompt" not in entry:
        return entry
    translation = {name: value for name, value in entry.items() if name != "prompt"}
    if translation.get("video_description") in (None, ""):
        translation["video_description"] = entry["prompt"]
    return translation


def yields(entry: Any) -> bool:
    """Whether an entry has a ``prompt`` that its ``video_description`` takes the place of."""
    if not isinstance(entry, dict):
        return False
    old, new = entry.get("prompt"), entry.get("video_description")
    return old not in (None, "") and new not in (None, "") and old != new


def merge(own: Any, entries: list[Any]) -> tuple[list[Any], list[str]]:
    """The storyboard's scenes with the entries laid over them, and the fields where a full value gave way to another.

    ``own``: the storyboard's list of scenes; anything else counts as an empty one.
    """
    translation = list(own) if isinstance(own, list) else []
    differ: list[str] = []
    for index, entry in enumerate(entries):
        if index >= len(translation):
            translation.append(entry)
            continue
        scene = translation[index]
        if isinstance(scene, dict) and isinstance(entry, dict):
            differ += [
                f"scenes.{index}.{name}"
                for name, value in entry.items()
                if scene.get(name) not in (None, "") and scene[name] != value
            ]
            # An answer shows keys that the scene lacks as empty ones: sent back, they must not appear in it.
            named = {name: value for name, value in entry.items() if value not in (None, "") or name in scene}
            translation[index] = {**scene, **named}
        elif entry is not None:
            translation[index] = entry
    return translation, differ


def completed(given: dict[str, Any], own: Any) -> dict[str, Any]:
    """The storyboard to send: the story's ``own``, with what was given of one in its place, and the entries merged.

    ``given["scenes"]`` are the entries.
    """
    board = own if isinstance(own, dict) else {}
    return {**board, **given, "scenes": merge(board.get("scenes"), given["scenes"])[0]}
