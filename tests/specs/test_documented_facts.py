"""The specs include what the vendor's pages say in prose, and the statuses of the pages.

``tests/data/documented_facts.json`` lists the facts: the page, the fact, its place in that version's spec (keys and
indexes, joined by ``|``), and the words that must be there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.specs.spec import VERSIONS, Node, find_operation, load, none_left, operations, resolve

FACTS: list[Node] = json.loads((Path(__file__).parents[1] / "data" / "documented_facts.json").read_text("utf-8"))
VALID = "200 422"
# By call, the statuses on its page. The specs add 401 (inferred), 403 (published) and ranges.
STATUSES = {
    "POST /story/idea-2-video": f"{VALID} 400 402",
    "POST /story": f"{VALID} 400 402",
    "POST /story/{story_id}/elements": f"{VALID} 400 402 404",
    "POST /story/{story_id}/scenes": f"{VALID} 400 402 404",
    "POST /story/{story_id}/videos": f"{VALID} 400 402",
    "GET /story/{story_id}": f"{VALID} 400 404",
    "POST /story/{story_id}/concat": f"{VALID} 400 402 404",
    "POST /media": f"{VALID} 402 404",
    "POST /media/upload": f"{VALID} 400 402",
    "POST /media/prompt": f"{VALID} 400 402",
    "GET /media/{media_id}/processing-status": f"{VALID} 404",
    "GET /media/{media_id}": f"{VALID} 404",
    "PUT /media/{media_id}/edit": f"{VALID} 400 402 404",
    "GET /media/{media_id}/download": f"{VALID} 400",
    "POST /media/{media_id}/process": f"{VALID} 400 402 404",
    "POST /v2/story/idea-2-video": f"{VALID} 400 402",
    "POST /v2/story/url-2-video": f"{VALID} 400 402",
    "POST /v2/story/images-2-video": f"{VALID} 400 402",
    "POST /v2/story": f"{VALID} 400 402",
    "POST /v2/story/{story_id}/elements": f"{VALID} 400 402 404",
    "POST /v2/story/{story_id}/scenes": f"{VALID} 400 402 404",
    "POST /v2/story/{story_id}/videos": f"{VALID} 400 402",
    "GET /v2/story/{story_id}": f"{VALID} 400 404",
    "DELETE /v2/story/{story_id}": f"{VALID} 400 404",
    "POST /v2/media": f"{VALID} 402 404",
    "PUT /v2/media/{media_id}": f"{VALID} 400 402 404",
    "GET /v2/media/{media_id}": f"{VALID} 404",
}
# The pages list no 404 for these calls by id; the operation's description says that it is inferred.
INFERRED_404 = {
    "POST /story/{story_id}/videos",
    "GET /media/{media_id}/download",
    "POST /v2/story/{story_id}/videos",
}


def at(spec: Node, where: str) -> Any:
    node: Any = spec
    for key in where.split("|"):
        assert key.isdigit() if isinstance(node, list) else key in node, f"there is no {where}: {key} is missing"
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['page']}: {fact['fact']}")
def test_fact_is_in_the_spec(fact: Node) -> None:
    text = at(load(fact["page"][:2]), fact["where"])
    assert isinstance(text, str)
    plain = " ".join(text.split())
    missing = [words for words in fact["says"] if words not in plain]
    assert not missing, (
        f"{fact['where']} does not say {missing}: {plain}\n"
        "If the vendor's page says something else now, correct tests/data/documented_facts.json"
    )


def test_facts_are_well_formed() -> None:
    assert {fact["page"] for fact in FACTS} == {
        f"{version}-{kind}.txt" for version in VERSIONS for kind in ("story", "media")
    }
    assert all(fact["says"] and set(fact) == {"page", "fact", "where", "says"} for fact in FACTS)
    assert len({(fact["page"], fact["fact"]) for fact in FACTS}) == len(FACTS)


@pytest.mark.parametrize("key", STATUSES)
def test_statuses_are_those_of_the_page(key: str) -> None:
    version = "v2" if " /v2/" in key else "v1"
    node = find_operation(load(version), key).node
    statuses = {status for status in node["responses"] if status.isdigit()} - {"401", "403"}
    if key in INFERRED_404:
        assert "inferred" in node["description"]
        statuses -= {"404"}
    listed = set(STATUSES[key].split())
    none_left(
        f"openapi/{version}.yaml: {key} {'has' if status in statuses else 'lacks'} the response {status}, and its page "
        f"{'lists it' if status in listed else 'does not'}; correct the spec, or STATUSES if the page has changed"
        for status in sorted(statuses ^ listed)
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_every_documented_call_is_listed_above(version: str) -> None:
    documented = {
        each.key
        for each in operations(load(version))
        if each.node["x-provenance"] == "documented" and not each.is_webhook
    }
    # The page documents the update without a method.
    listed = {key for key in STATUSES if (" /v2/" in key) == (version == "v2")}
    none_left(
        f"{key} is {'documented' if key in documented else 'not documented'} in openapi/{version}.yaml, and "
        f"{'is' if key in listed else 'is not'} in STATUSES; correct one of them"
        for key in sorted((documented ^ listed) - {"PUT /v2/media/{media_id}"})
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_every_call_with_a_key_may_be_forbidden(version: str) -> None:
    spec = load(version)
    for each in operations(spec):
        secured = not each.is_webhook and {} not in each.node["security"]
        assert ("403" in each.node["responses"]) is secured, (
            f"openapi/{version}.yaml: {each.key} {'needs a key: add' if secured else 'needs no key: remove'} its 403"
        )
    assert resolve(spec, {"$ref": "#/components/responses/Forbidden"})["x-provenance"] == "published"


def test_the_tools_of_both_versions() -> None:
    old, new = (load(version)["components"]["schemas"] for version in VERSIONS)
    assert {"Prompt", "StableDiffusionMotion"} <= set(old["MotionType"]["enum"])
    # Revised v1 has v2's names. What v2 gains later, v1's pages do not have.
    for enum, original in (("VideoTool", "MotionType"), ("ImageTool", "ImageOption")):
        lost = set(old[enum]["enum"]) - (set(old[original]["enum"]) & set(new[enum]["enum"]))
        assert not lost, f"{enum} in v1.yaml has {sorted(lost)}, and {original} there, or {enum} in v2.yaml, has not"


def test_the_format_of_a_v1_story() -> None:
    spec = load("v1")
    story = spec["components"]["schemas"]["Story"]["properties"]
    assert story["scenes"]["anyOf"][0]["items"]["$ref"].endswith("/StoryScene")
    assert story["medias"]["anyOf"][0]["items"]["$ref"].endswith("/StoryMedia")
    scene = spec["components"]["schemas"]["StoryScene"]["properties"]
    assert {"image_url", "prompt", "narration_url"} <= set(scene)
    assert "video_description" not in scene
    extra = spec["components"]["schemas"]["StoryMedia"]["allOf"][1]["properties"]
    assert set(extra) == {"media_id"}
    for version in VERSIONS:
        assert "narration_url" in load(version)["components"]["schemas"]["Scene"]["properties"]
    assert spec["components"]["schemas"]["StoryStatus"]["enum"] == ["new", "processing", "success", "fail"]


# Published by the vendor elsewhere: names of v2 on the paths of v1, and related fields.
_ONE_CALL = (
    "idea scene_count image_tool video_tool scene_duration aspect_ratio is_transition elements audio_option language "
    "title webhook_url"
)
REVISED = {
    "POST /story/idea-2-video": _ONE_CALL,
    "POST /story/url-2-video": _ONE_CALL,
    "POST /story/images-2-video": (
        "idea video_tool scene_duration aspect_ratio is_transition audio_option language title webhook_url image_urls"
    ),
    "POST /story": "story_id idea scene_count language aspect_ratio audio_option elements image_files image_urls",
    "POST /story/{story_id}/elements": "option aspect_ratio storyboard enhance_image has_bg_music",
    "POST /story/{story_id}/scenes": (
        "option aspect_ratio storyboard enhance_image generate_elements narrator has_narration has_bg_music "
        "audio_option"
    ),
    "POST /story/{story_id}/videos": (
        "title storyboard is_transition motion_type duration loop native_audio webhook_url"
    ),
    "POST /media": "audio_option native_audio camera_control character_animate model media_items",
    "PUT /media/{media_id}": (
        "title description visibility_status rating webhook_url media_items prompt motion_type camera_control quantity "
        "duration loop audio_option model aspect_ratio"
    ),
    "PUT /story/{story_id}": "title description visibility_status",
}


@pytest.mark.parametrize("key", REVISED)
def test_revised_v1_is_not_inferred(key: str) -> None:
    spec = load("v1")
    provenances: dict[str, set[str]] = {}
    for media in find_operation(spec, key).node["requestBody"]["content"].values():
        for name, node in resolve(spec, media["schema"])["properties"].items():
            provenances.setdefault(name, set()).add(node["x-provenance"])
    for name in REVISED[key].split():
        assert provenances.get(name, {"missing"}) & {"documented", "published"}, (
            f"{key}: {name} is {provenances.get(name)}"
        )


def test_a_late_scene_lasts_5_or_10_seconds() -> None:
    fields = load("v1")["components"]["schemas"]["IdeaToVideoForm"]["properties"]
    assert [seconds for seconds in range(20) if _fits(fields["scene_duration"], seconds)] == [5, 10]


def _fits(schema: Node, number: int) -> bool:
    return bool(schema["minimum"] <= number <= schema["maximum"] and number % schema["multipleOf"] == 0)


def test_the_voice_of_v1_is_rachel_in_both_revisions() -> None:
    old, new = (load(version)["components"]["schemas"]["StoryAudioOption"]["properties"] for version in VERSIONS)
    assert (old["narrator"]["x-default"], new["narrator"]["x-default"]) == ("Rachel", "AutoV")
