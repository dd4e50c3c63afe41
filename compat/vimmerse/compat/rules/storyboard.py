"""Storyboards: where v1 and v2 name a key of theirs differently.

Laws:

* Characters, environments and objects have a ``URL`` in v1, an ``image_url`` in v2. A scene has an ``image_url`` in
  both; v1's list of scenes beside the storyboard calls a scene's ``video_description`` ``prompt``.
* To v2: v1's key becomes v2's, an empty value too. Where both are there and differ, v2's name is the newer one and
  wins, which is a loss; an empty or missing one yields to a full one, which is none.
* To v1: an answer carries v1's key alone, so that what a caller changes there and sends back is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Says that a value is lost: where it stood, the value, and why.
Lose = Callable[[str, Any, str], None]

_ELEMENT: Mapping[str, str] = {"URL": "image_url"}
_SCENE: Mapping[str, str] = {"URL": "image_url", "prompt": "video_description"}
LISTS: Mapping[str, Mapping[str, str]] = {
    "characters": _ELEMENT,
    "environments": _ELEMENT,
    "objects": _ELEMENT,
    "scenes": _SCENE,
}


def _nobody(path: str, value: Any, why: str) -> None:
    """Where nobody has to hear of it."""


def to_v2_storyboard(board: Any, lose: Lose = _nobody) -> Any:
    """A storyboard in v2's words. What is no storyboard stays as it is."""
    if not isinstance(board, dict):
        return board
    return {
        key: modern_list(key, value, lose) if key in LISTS and isinstance(value, list) else value
        for key, value in board.items()
    }


def modern_list(key: str, entries: list[Any], lose: Lose = _nobody) -> list[Any]:
    """One list of a storyboard (``characters``, ``scenes``, ...) in v2's words."""
    return [_modern(entry, LISTS[key], f"{key}.{index}.", lose) for index, entry in enumerate(entries)]


def _modern(entry: Any, names: Mapping[str, str], path: str, lose: Lose) -> Any:
    if not isinstance(entry, dict) or names.keys().isdisjoint(entry):
        return entry
    translation = {key: value for key, value in entry.items() if key not in names}
    for old, new in names.items():
        if old not in entry:
            continue
        value, newer = entry[old], translation.get(new)
        if newer is None or newer == "":
            translation[new] = value if value is not None or new not in translation else newer
        elif value is not None and value != newer:
            lose(f"{path}{old}", value, f"{new} is given too, and the newer name wins")
    return translation


def v1_names(board: Any, field: str, to: str) -> dict[str, str]:
    """By the path of each key that was renamed: the caller's own. ``to``: v2's field, ``field``: the caller's."""
    found: dict[str, str] = {}
    if not isinstance(board, dict):
        return found
    for key, names in LISTS.items():
        entries = board.get(key)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict):
                continue
            for old, new in names.items():
                if old in entry and entry.get(new) in (None, ""):
                    where = f"{key}.{index}"
                    found[f"{to}.{where}.{new}"] = f"{field}.{where}.{old}" if field else f"{where}.{old}"
    return found


def v1_storyboard(board: Any) -> Any:
    """A storyboard in v1's words. What is no storyboard stays as it is."""
    if not isinstance(board, dict):
        return board
    translation = dict(board)
    for key in LISTS:
        entries = translation.get(key)
        if isinstance(entries, list):
            translation[key] = [_v1(entry, "image_url" if key == "scenes" else "URL") for entry in entries]
    return translation


def _v1(entry: Any, name: str) -> Any:
    if not isinstance(entry, dict):
        return entry
    translation = {key: value for key, value in entry.items() if key not in ("URL", "image_url")}
    translation[name] = entry.get("image_url") or entry.get("URL") or ""
    return translation


def v1_scene(scene: Any) -> Any:
    """An entry of a v1 story's ``scenes``, from a scene of the storyboard: v1's own keys alone."""
    if not isinstance(scene, dict):
        return scene
    return {
        "image_url": scene.get("image_url") or "",
        "prompt": scene.get("video_description") or "",
        "narration_url": scene.get("narration_url") or "",
    }
