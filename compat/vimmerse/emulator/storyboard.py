"""Storyboards that look like the server's: characters, environments, objects and scenes from an idea.

Everything follows from the seed and the idea, so the same story is told every time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from vimmerse.emulator.models import JsonObject

ELEMENT_KINDS = ("characters", "environments", "objects")

_STYLES = ("Pixar-style 3D", "Watercolour", "Photorealistic", "Paper cut-out")
_CHARACTERS = (
    ("Melody", "a white rabbit with soft fur and a red scarf"),
    ("Rufus", "a young fox with a curious look"),
    ("Nora", "an engineer in a yellow raincoat"),
    ("Otto", "a small robot on three wheels"),
    ("Iris", "a dancer with silver shoes"),
)
_ENVIRONMENTS = (
    ("Flower Field", "a wide field of wildflowers in morning light"),
    ("Harbour", "a quiet harbour with wooden boats"),
    ("Workshop", "a bright workshop full of tools"),
    ("Mountain Path", "a path between snowy peaks"),
)
_OBJECTS = (
    ("Guitar", "a small wooden guitar with worn strings"),
    ("Lantern", "a brass lantern with a warm flame"),
    ("Map", "a folded map with a blue line on it"),
    ("Umbrella", "a large striped umbrella"),
)
_ACTS = ("Opening", "Discovery", "Journey", "Surprise", "Turning Point", "Reunion", "Celebration", "Finale")


def _given(elements: JsonObject, kind: str) -> list[JsonObject]:
    found = elements.get(kind)
    return [dict(item) for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def compose(seed: int, idea: str, scene_count: int, *, elements: JsonObject, image_urls: Sequence[str]) -> JsonObject:
    """A storyboard without images, but for those that the caller gave."""
    rng = random.Random(f"{seed}:{idea}")
    style = rng.choice(_STYLES)
    board: JsonObject = {}
    casts: dict[str, list[JsonObject]] = {}
    for kind, choices, count in (
        ("characters", _CHARACTERS, 2),
        ("environments", _ENVIRONMENTS, 1),
        ("objects", _OBJECTS, 1),
    ):
        cast = _given(elements, kind) or [
            {"name": name, "description": f"Style:{style}, {text}.", "image_url": ""}
            for name, text in rng.sample(choices, count)
        ]
        for item in cast:
            item.setdefault("image_url", "")
        casts[kind] = cast
    topic = re.sub(r"\s+", " ", idea).strip().rstrip(".") or "a journey"
    scenes: list[JsonObject] = []
    for index in range(len(image_urls) or scene_count):
        who = casts["characters"][index % len(casts["characters"])].get("name", "Someone")
        where = casts["environments"][index % len(casts["environments"])].get("name", "somewhere")
        what = casts["objects"][index % len(casts["objects"])].get("name", "something")
        act = _ACTS[index] if index < len(_ACTS) else f"Scene {index + 1}"
        scenes.append(
            {
                "name": act,
                "image_description": f"{who} in the {where} with the {what}.",
                "video_description": f"The camera follows {who} slowly through the {where}.",
                "narrator": f"{act}: {who} finds the {what}. {topic[:80]}.",
                "image_url": image_urls[index] if image_urls else "",
            }
        )
    board["scenes"] = scenes
    board.update(casts)
    return board


def items(board: JsonObject, kind: str) -> list[JsonObject]:
    """The objects of one kind in a storyboard, to be changed in place."""
    found = board.get(kind)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def draw_elements(board: JsonObject, image: Callable[[], str]) -> None:
    """Give each element an image that has none."""
    for kind in ELEMENT_KINDS:
        for item in items(board, kind):
            item["image_url"] = item.get("image_url") or image()


def draw_scenes(board: JsonObject, image: Callable[[], str], speech: Callable[[int], str] | None) -> None:
    """Give each scene an image and, unless ``speech`` is None, a text to speak and its recording."""
    for index, scene in enumerate(items(board, "scenes")):
        scene["image_url"] = scene.get("image_url") or image()
        if speech is not None:
            described = scene.get("image_description") or scene.get("video_description") or ""
            scene["narrator"] = scene.get("narrator") or f"Scene {index + 1}. {described}".strip()
            scene["narration_url"] = scene.get("narration_url") or speech(index)


def from_v1(board: JsonObject) -> JsonObject:
    """A board that a v1 client gave, by v2's names: ``image_url`` for ``URL``, which yields to it if both are there."""
    found = dict(board)
    for kind in (*ELEMENT_KINDS, "scenes"):
        if isinstance(board.get(kind), list):
            found[kind] = [_renamed(item, "URL", "image_url") for item in items(board, kind)]
    return found


def merged(before: Sequence[JsonObject], given: Sequence[JsonObject]) -> list[JsonObject]:
    """v1's ``scenes`` laid over a board's, by index and field by field; ``prompt`` is ``video_description`` there."""
    laid = [
        {**(before[index] if index < len(before) else {}), **_renamed(scene, "prompt", "video_description")}
        for index, scene in enumerate(given)
    ]
    return [*laid, *before[len(laid) :]]


def to_v1_elements(board: JsonObject) -> None:
    """Change a board for a v1 answer: its elements' images are under ``URL`` alone."""
    for kind in ELEMENT_KINDS:
        for item in items(board, kind):
            item["URL"] = item.pop("image_url", "")


def v1_scenes(board: JsonObject) -> list[JsonObject]:
    """A board's scenes as v1 lists them beside it: ``prompt`` for ``video_description``."""
    return [
        {"image_url": "", "narration_url": "", **_renamed(scene, "video_description", "prompt")}
        for scene in items(board, "scenes")
    ]


def _renamed(item: JsonObject, old: str, new: str) -> JsonObject:
    """The item with one key renamed. An empty value yields to a full one, else the new name wins."""
    if old not in item:
        return dict(item)
    rest = {name: value for name, value in item.items() if name != old}
    return {**rest, new: rest.get(new) or item[old]}


def add_music(board: JsonObject, sound: Callable[[], str]) -> None:
    """Give the storyboard a music track, unless the caller brought one."""
    music = board.get("music")
    track: JsonObject = dict(music) if isinstance(music, dict) else {}
    track.setdefault("description", "A light, upbeat melody on plucked strings")
    track.setdefault("lyrics", "")
    track["music_url"] = track.get("music_url") or sound()
    board["music"] = track
