"""Storyboards: the keys whose names differ between v1 and v2, and v1's list of scenes that changes a storyboard.

* Characters, environments and objects have a ``URL`` in v1 and an ``image_url`` in v2. A scene has an ``image_url`` in
  both; v1's list of scenes beside the storyboard has a scene's ``video_description`` as ``prompt``.
* To v2: v1's key becomes v2's, even if empty. If both are set and differ, v2's name is the newer one and wins, which is
  a loss; an empty or missing value yields to a non-empty one, which is not.
* To v1: a response has v1's key alone, so that what a caller changes there and sends back takes effect.
* The ``scenes`` of v1's ``POST /story/{story_id}/videos`` are merged by index and field by field: what an entry does
  not name stays as the storyboard has it, and entries beyond the last scene become scenes of their own.

What is not a storyboard, or not a list of objects, stays as it is: v2 rejects it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vimmerse.compat.rules.engine import Rule
from vimmerse.compat.rules.kinds import combined
from vimmerse.compat.rules.response_fields import OBJECTS

#: Called for each lost value with its path, the value, and why it is lost.
NoteLost = Callable[[str, Any, str], None]

_ELEMENT: Mapping[str, str] = OBJECTS["element"].renamed()
_SCENE: Mapping[str, str] = {**_ELEMENT, **OBJECTS["story_scene"].renamed()}
_LISTS: Mapping[str, Mapping[str, str]] = {
    row.v1: _SCENE if row.table == "scene" else _ELEMENT
    for row in OBJECTS["storyboard"].fields
    if row.table in ("element", "scene")
}
# v1's name of the image in each list, and the fields of v1's scenes beside the storyboard.
_IMAGE = {
    row.v1: next(each.v1 for each in OBJECTS[row.table].fields if each.v2 == "image_url")
    for row in OBJECTS["storyboard"].fields
    if row.v1 in _LISTS
}
_STORY_SCENE = tuple((row.v1, row.v2) for row in OBJECTS["story_scene"].fields if row.v2)


def to_v2_storyboard(board: Any, note_lost: NoteLost = lambda path, value, why: None) -> Any:
    """Return a storyboard with v2's names. What is not a storyboard is returned unchanged."""
    if not isinstance(board, dict):
        return board
    storyboard = dict(board)
    for key, names in _LISTS.items():
        if isinstance(board.get(key), list):
            storyboard[key] = [
                _to_v2_entry(entry, names, f"{key}.{index}.", note_lost) for index, entry in enumerate(board[key])
            ]
    return storyboard


def _to_v2_entry(entry: Any, names: Mapping[str, str], path: str, note_lost: NoteLost) -> Any:
    if not isinstance(entry, dict) or names.keys().isdisjoint(entry):
        return entry
    renamed = {key: value for key, value in entry.items() if key not in names}
    for old, new in names.items():
        if old not in entry:
            continue
        value, newer = entry[old], renamed.get(new)
        if newer is None or newer == "":
            if value is not None or new not in renamed:
                renamed[new] = value
        elif value is not None and value != newer:
            note_lost(f"{path}{old}", value, f"{new} is given too, and the newer name wins")
    return renamed


def v1_names(board: Any, field: str, to: str) -> dict[str, str]:
    """Return the path of each renamed key in v2's field ``to``, with the path in the caller's own ``field``."""
    origins: dict[str, str] = {}
    if not isinstance(board, dict):
        return origins
    for key, names in _LISTS.items():
        entries = board.get(key)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            for old, new in names.items():
                if isinstance(entry, dict) and old in entry and entry.get(new) in (None, ""):
                    path = f"{key}.{index}"
                    origins[f"{to}.{path}.{new}"] = f"{field}.{path}.{old}" if field else f"{path}.{old}"
    return origins


def to_v1_storyboard(board: Any) -> Any:
    """Return a storyboard with v1's names. What is not a storyboard is returned unchanged."""
    if not isinstance(board, dict):
        return board
    storyboard = dict(board)
    for key, name in _IMAGE.items():
        if isinstance(board.get(key), list):
            storyboard[key] = [_to_v1_entry(entry, name) for entry in board[key]]
    return storyboard


def _to_v1_entry(entry: Any, name: str) -> Any:
    if not isinstance(entry, dict):
        return entry
    renamed = {key: value for key, value in entry.items() if key not in ("URL", "image_url")}
    renamed[name] = entry.get("image_url") or entry.get("URL") or ""
    return renamed


def to_v1_scene(scene: Any) -> Any:
    """Return an entry of a v1 story's ``scenes`` from a scene of the storyboard, with v1's own keys alone."""
    if not isinstance(scene, dict):
        return scene
    return {v1: scene.get(v2) or "" for v1, v2 in _STORY_SCENE}


# The scenes of POST /story/{story_id}/videos

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


def merge_scenes(scenes: Any, entries: list[Any]) -> tuple[list[Any], list[str]]:
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
    return {**board, **given, "scenes": merge_scenes(board.get("scenes"), given["scenes"])[0]}
