"""Storyboards like the server's: characters, environments, objects and scenes from an idea.

Everything follows from the seed and the idea, so the same idea always gives the same storyboard.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from vimmerse.emulator.models import Story
from vimmerse.emulator.store import Store
from vimmerse.emulator.values import JsonObject, as_object, as_objects

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


def compose(seed: int, idea: str, scene_count: int, *, elements: JsonObject, image_urls: Sequence[str]) -> JsonObject:
    """A storyboard with no images but those that the caller gave."""
    rng = random.Random(f"{seed}:{idea}")
    style = rng.choice(_STYLES)
    casts: dict[str, list[JsonObject]] = {}
    for kind, choices, count in (
        ("characters", _CHARACTERS, 2),
        ("environments", _ENVIRONMENTS, 1),
        ("objects", _OBJECTS, 1),
    ):
        given = as_objects(elements.get(kind))
        casts[kind] = [{**element, "image_url": element.get("image_url", "")} for element in given] or [
            {"name": name, "description": f"Style:{style}, {text}.", "image_url": ""}
            for name, text in rng.sample(choices, count)
        ]
    topic = re.sub(r"\s+", " ", idea).strip().rstrip(".") or "a journey"
    scenes: list[JsonObject] = []
    for index in range(len(image_urls) or scene_count):
        who, where, what = (
            casts[kind][index % len(casts[kind])].get("name", default)
            for kind, default in (("characters", "Someone"), ("environments", "somewhere"), ("objects", "something"))
        )
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
    return {"scenes": scenes, **casts}


def draw_elements(store: Store, story: Story) -> None:
    """Give each element an image that has none."""
    for kind in ELEMENT_KINDS:
        for element in as_objects(story.storyboard.get(kind)):
            element["image_url"] = element.get("image_url") or store.new_image(story.id)


def draw_scenes(store: Store, story: Story, *, narrated: bool) -> None:
    """Give each scene an image that has none and, if it is narrated, a text to speak and its recording."""
    for index, scene in enumerate(as_objects(story.storyboard.get("scenes"))):
        scene["image_url"] = scene.get("image_url") or store.new_image(story.id)
        if narrated:
            described = scene.get("image_description") or scene.get("video_description") or ""
            scene["narrator"] = scene.get("narrator") or f"Scene {index + 1}. {described}".strip()
            scene["narration_url"] = scene.get("narration_url") or store.new_narration(story.id, index)


def add_music(store: Store, story: Story) -> None:
    """Give the storyboard a music track, unless the caller gave one."""
    track = dict(as_object(story.storyboard.get("music")))
    track.setdefault("description", "A light, upbeat melody on plucked strings")
    track.setdefault("lyrics", "")
    track["music_url"] = track.get("music_url") or store.new_music(story.id)
    story.storyboard["music"] = track


def from_v1(board: JsonObject) -> JsonObject:
    """A v1 client's storyboard by v2's names: ``image_url`` for ``URL``, which yields to it if both are there."""
    renamed: JsonObject = {
        kind: [_renamed(item, "URL", "image_url") for item in as_objects(board[kind])]
        for kind in (*ELEMENT_KINDS, "scenes")
        if isinstance(board.get(kind), list)
    }
    return board | renamed


def merge_v1_scenes(before: Sequence[JsonObject], changes: Sequence[JsonObject]) -> list[JsonObject]:
    """Scenes with v1's ``scenes`` laid over them by index, field by field; v1's ``prompt`` is ``video_description``."""
    merged = [
        {**(before[index] if index < len(before) else {}), **_renamed(scene, "prompt", "video_description")}
        for index, scene in enumerate(changes)
    ]
    return [*merged, *before[len(merged) :]]


def to_v1_elements(board: JsonObject) -> None:
    """Change a storyboard for a v1 response: its elements have ``URL`` instead of ``image_url``."""
    for kind in ELEMENT_KINDS:
        for element in as_objects(board.get(kind)):
            element["URL"] = element.pop("image_url", "")


def to_v1_scenes(board: JsonObject) -> list[JsonObject]:
    """The scenes as v1 lists them beside the storyboard: with ``prompt`` instead of ``video_description``."""
    return [
        {"image_url": "", "narration_url": "", **_renamed(scene, "video_description", "prompt")}
        for scene in as_objects(board.get("scenes"))
    ]


def _renamed(item: JsonObject, old: str, new: str) -> JsonObject:
    """The item with one key renamed. If it has both, the new name wins unless its value is empty."""
    if old not in item:
        return dict(item)
    rest = {name: value for name, value in item.items() if name != old}
    return {**rest, new: rest.get(new) or item[old]}
