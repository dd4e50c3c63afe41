"""What the mapping makes of each kind of object in a v2 response: one function for each table of response fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vimmerse.compat.flows import responses
from vimmerse.compat.flows.translate import translate_response
from vimmerse.compat.rules.response_fields import ResponseObject, is_primary

from tests.specs.response_coverage import FILE, own_fields
from tests.specs.spec import Node, problems
from tests.specs.translated_values import values

Json = dict[str, Any]
Mappings = Mapping[str, Callable[[Json], Any]]


def of_story(path: str) -> Callable[[Json], Any]:
    """The mapping of an object inside a story, by its path."""
    outer, *inner = path.split(".")

    def shown(value: Json) -> Any:
        nested: Any = value if inner == ["music"] else [value]
        story: Any = responses.story({"id": "s", outer: {inner[0]: nested} if inner else value})
        found = story[outer][inner[0]] if inner else story[outer]
        return found[0] if isinstance(found, list) else found

    return shown


def in_media(name: str, *, listed: bool = False) -> Callable[[Json], Any]:
    """The mapping of an object inside a media."""

    def shown(value: Any) -> Any:
        found = responses.media({"id": "m", name: [value] if listed else value})[name]
        return found[0] if listed else found

    return shown


MAPPINGS: Mappings = {
    "story": lambda value: responses.story({"id": "s", **value}),
    "storyboard": of_story("storyboard"),
    "element": of_story("storyboard.characters"),
    "scene": of_story("storyboard.scenes"),
    "story_scene": lambda value: responses.story({"id": "s", "storyboard": {"scenes": [value]}})["scenes"][0],
    "music": of_story("storyboard.music"),
    "media": lambda value: responses.media({"id": "m", **value}),
    "story_media": lambda value: responses.story({"id": "s", "all_medias": [{"id": "m", **value}]})["medias"][0],
    "media_detail": lambda value: json.loads(translate_response("GET", "/media/m", 200, {"id": "m", **value}).body)[
        "data"
    ],
    "status": responses.media_status,
    "media_item": in_media("media_items", listed=True),
    "result": in_media("result", listed=True),
    "pose_preset": in_media("pose_preset"),
    "submit_params": in_media("submit_params"),
    "error": lambda value: responses.error(400, json.dumps({"code": "C", **value}).encode(), "application/json", {}),
    "invalid": lambda value: responses.error(422, json.dumps(value).encode(), "application/json", {}),
    "invalid_field": lambda value: responses.error(
        422, json.dumps({"detail": [value]}).encode(), "application/json", {}
    )["detail"][0],
}


def rejected_responses(
    v1: Node, v2: Node, tables: Mapping[str, ResponseObject], mappings: Mappings = MAPPINGS
) -> Iterator[str]:
    """A sentence for each v2 field of which the mapping makes a value that v1.yaml does not allow."""
    for key, table in tables.items():
        declared, expected = own_fields(v2, table.v2), own_fields(v1, table.v1)
        for row in table.fields:
            if not is_primary(row) or row.table or row.v2 == ".":
                continue
            name = row.v1.partition(".")[0]
            for value in (value for node in declared.get(row.v2, ()) for value in values(v2, node)):
                shown = mappings[key]({row.v2: value})[name]
                faults = [fault for node in expected[name] for fault in problems(v1, node, shown)]
                if faults:
                    yield (
                        f"{key}: {row.v2}={value!r} of v2 is shown as {name}={shown!r}, which {table.v1} in v1.yaml "
                        f"does not allow ({faults[0].removeprefix('at /: ')}); convert it in "
                        f"compat/vimmerse/compat/flows/responses.py, and say so in its row in {FILE}"
                    )
                    break
