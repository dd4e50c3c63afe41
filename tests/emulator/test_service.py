"""The emulator rejects and accepts what the service does, and responds in the same format."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from vimmerse.emulator import AT_ONCE, Emulator

V2_TOOLS = {"Auto", "KlingAI", "Seedance", "Pixverse", "VeoFast", "Vidu", "AutoT1", "PVideo", "VeoLite"}
# The names of v1's pages, and those that the vendor published elsewhere.
V1_TOOLS = [
    *("LumaAI", "LumaRay2", "Kling2", "MinimaxHailuo", "Hunyuan", "RunwayML", "Wan", "Veo", "TryOnVideo", "Parallax"),
    *("LeonardoMotion", "Prompt", "StableDiffusionMotion", "KlingT4", "SeedanceFast", "PixverseT3", "AutoT3"),
    *("PicoMotion", "Sora", "SoraPro", "StaticMotion"),
]
V1_OPTIONS = [
    *("FluxKontextPro", "FluxKontextMax", "FluxFinetuned", "Flux1.1Pro", "Flux1.1ProUltra", "StableDiffusion3.5"),
    *("OpenAI-Image-1", "Auto", "FluxPro", "GPTImage", "LeonardoImage", "NanoBananaPro"),
]


def story(client: httpx.Client, prefix: str = "/v2", **body: Any) -> str:
    created = client.post(f"{prefix}/story", json=body if prefix else None, data=None if prefix else body).json()
    return str(created.get("data", created)["id"])


# Tools and voices


@pytest.mark.parametrize("tool", V1_TOOLS)
def test_v2_refuses_the_video_tools_of_v1(emulator: Emulator, client: httpx.Client, tool: str):
    planned = story(client, idea="Cats")
    client.post(f"/v2/story/{planned}/scenes", json={}).raise_for_status()
    for path, body in (
        ("/v2/media", {"prompt": "x"}),
        ("/v2/story/idea-2-video", {"idea": "x"}),
        ("/v2/story/url-2-video", {"idea": "x"}),
        ("/v2/story/images-2-video", {"image_urls": ["a"]}),
        (f"/v2/story/{planned}/videos", {}),
    ):
        response = client.post(path, json={**body, "video_tool": tool})
        assert response.status_code == 422, path
        (error,) = response.json()["detail"]
        assert (error["loc"], error["input"]) == (["body", "video_tool"], tool)
        assert "KlingAI" in error["msg"]
    assert emulator.jobs == ()
    # v1 takes them all.
    assert client.post("/media", data={"prompt": "x", "motion_type": tool}).status_code == 200


@pytest.mark.parametrize("option", V1_OPTIONS)
def test_v2_refuses_the_image_tools_of_v1(emulator: Emulator, client: httpx.Client, option: str):
    planned = story(client, idea="Cats")
    for path in ("/v2/story/idea-2-video", f"/v2/story/{planned}/elements", f"/v2/story/{planned}/scenes"):
        response = client.post(path, json={"idea": "x", "image_tool": option})
        assert (response.status_code, response.json()["detail"][0]["loc"]) == (422, ["body", "image_tool"])
    assert emulator.jobs == ()
    assert client.post("/story/idea-2-video", data={"idea": "x", "option": option}).status_code == 200


def test_an_update_with_a_tool_of_v1_changes_nothing(emulator: Emulator, client: httpx.Client):
    created = client.post("/v2/media", json={"prompt": "x"}).json()
    assert client.put(f"/v2/media/{created['id']}", json={"title": "t", "video_tool": "Wan"}).status_code == 422
    assert client.get(f"/v2/media/{created['id']}?fields=title").json() == {"title": ""}
    assert len(emulator.jobs) == 1


@pytest.mark.parametrize("tool", [*sorted(V2_TOOLS), "KlingOfTomorrow", "runwayml"])
def test_v2_accepts_its_own_and_unknown_tools(client: httpx.Client, tool: str):
    created = client.post("/v2/media", json={"prompt": "x", "video_tool": tool}).json()
    assert created["pose_preset"]["motion_type"] == tool


def test_unlisted_narrators_are_accepted(client: httpx.Client):
    spoken: dict[str, Any] = {"audio_option": {"narrator": "Bob"}}
    assert client.post("/v2/media", json={"prompt": "x", **spoken}).status_code == 200
    assert client.post("/v2/story", json={"idea": "x", **spoken}).status_code == 200
    assert client.post("/story/idea-2-video", data={"idea": "x", "narrator": "Bob"}).status_code == 200


# Which fields


@pytest.mark.parametrize("query", ["fields=id,nothing", "fields=progress_percentage", "fields=id&fields=batch_id"])
def test_unknown_media_fields_are_rejected(client: httpx.Client, query: str):
    media_id = client.post("/v2/media", json={"prompt": "x"}).json()["id"]
    response = client.get(f"/v2/media/{media_id}?{query}")
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["query", "fields"]


def test_a_rejected_query_does_not_count_as_a_poll(client: httpx.Client):
    media_id = client.post("/v2/media", json={"prompt": "x"}).json()["id"]
    for _ in range(5):
        client.get(f"/v2/media/{media_id}?fields=nothing")
    assert client.get(f"/v2/media/{media_id}").json()["processing_status"] == "processing"


def test_a_field_of_another_call_is_ignored(emulator: Emulator, client: httpx.Client):
    """idea-2-video has no image_urls: they must set neither the number of scenes nor the price."""
    body = {"idea": "x", "image_urls": ["a"] * 9}
    client.post("/v2/story/idea-2-video", json=body).raise_for_status()
    client.post("/v2/story/images-2-video", json={"image_urls": ["a"], "scene_count": 9}).raise_for_status()
    client.post("/story/idea-2-video", data=body).raise_for_status()
    assert [job.credits for job in emulator.jobs] == [150, 50, 150]


def test_no_story_is_longer_than_allowed(emulator: Emulator, client: httpx.Client):
    many = [{"name": str(number), "image_url": "https://example.com/1.png"} for number in range(101)]
    story_id = story(client, idea="x")
    for path, body in (
        ("/v2/story/images-2-video", {"image_urls": ["a"] * 101}),
        ("/v2/story", {"image_urls": ["a"] * 101}),
        (f"/v2/story/{story_id}/videos", {"storyboard": {"scenes": many}}),
    ):
        assert client.post(path, json=body).status_code == 422
    assert emulator.jobs == ()


# Shapes


def test_a_404_of_v1(client: httpx.Client):
    for path in ("/story/none", "/story/none/concat", "/story/none/videos"):
        response = client.request("GET" if path == "/story/none" else "POST", path)
        assert (response.status_code, response.json()) == (404, {"message": "NOT_FOUND"})
    assert client.get("/media/none").json() == {"message": "MEDIA_NOT_FOUND"}
    assert client.get("/v2/story/none").json()["code"] == "STORY_NOT_FOUND"


@pytest.mark.parametrize("audio", [{}, {"has_narration": False}])
def test_scenes_carry_their_narration(emulator: Emulator, client: httpx.Client, audio: dict[str, bool]):
    story_id = story(client, idea="Cats", audio_option=audio)
    (first, *_) = client.post(f"/v2/story/{story_id}/scenes", json={}).json()["storyboard"]["scenes"]
    assert ("narration_url" in first) is not bool(audio)
    if not audio:
        assert httpx.get(first["narration_url"]).headers["content-type"] == "audio/mpeg"
    second = client.post(f"/v2/story/{story_id}/scenes", json={}).json()["storyboard"]["scenes"]
    assert second[0] == first  # what is there is kept


def test_a_story_of_v1(client: httpx.Client, emulator: Emulator):
    emulator.next_job(transition=AT_ONCE)
    created = client.post("/story/idea-2-video", data={"idea": "Cats", "is_transition": "Yes"}).json()["data"]
    board = created["storyboard"]
    for element in [*board["characters"], *board["environments"], *board["objects"]]:
        assert element["URL"].startswith(emulator.files_url)
        assert "image_url" not in element
    for scene, planned in zip(created["scenes"], board["scenes"], strict=True):
        assert (scene["prompt"], scene["image_url"]) == (planned["video_description"], planned["image_url"])
        assert scene["narration_url"] == planned["narration_url"] != ""
        assert "video_description" not in scene
    for clip in created["medias"]:
        assert clip["media_id"] == clip["id"]
    assert created["is_transition"] is True


def test_an_image_given_by_url_in_v1(client: httpx.Client):
    story_id = story(client, "", idea="Cats", scene_count="1")
    board = client.post(f"/story/{story_id}/elements").json()["data"]["storyboard"]
    mine = "https://example.com/mine.png"
    board["characters"][0]["URL"] = mine
    board["characters"][1]["URL"] = ""
    response = client.post(f"/story/{story_id}/scenes", data={"storyboard": json.dumps(board)}).json()["data"]
    first, second = response["storyboard"]["characters"]
    assert first["URL"] == mine
    assert second["URL"] not in ("", mine)  # drawn anew


def test_v2_reads_image_url_alone(client: httpx.Client):
    story_id = story(client, idea="Cats", scene_count=1)
    board = {"characters": [{"name": "A", "description": "a", "URL": "https://example.com/mine.png"}]}
    (character,) = client.post(f"/v2/story/{story_id}/elements", json={"storyboard": board}).json()["storyboard"][
        "characters"
    ]
    assert character["image_url"] not in ("", "https://example.com/mine.png")
    scenes = {"scenes": [{"name": "A", "URL": "https://example.com/mine.png"}]}
    assert client.post(f"/v2/story/{story_id}/videos", json={"storyboard": scenes}).status_code == 400


def test_scenes_of_v1_are_laid_over_the_storyboards(client: httpx.Client):
    story_id = story(client, "", idea="Cats", scene_count="3")
    before = client.post(f"/story/{story_id}/scenes").json()["data"]["storyboard"]["scenes"]
    edits = [{}, {"prompt": "The camera rises."}]
    after = client.post(f"/story/{story_id}/videos", data={"scenes": json.dumps(edits)}).json()["data"]
    board = after["storyboard"]["scenes"]
    assert board[0] == before[0]
    assert board[1] == {**before[1], "video_description": "The camera rises."}
    assert board[2] == before[2]
    assert after["scenes"][1]["prompt"] == "The camera rises."


def test_the_sound_of_step_1_stays_unless_scenes_name_another(emulator: Emulator, client: httpx.Client):
    costs = []
    for data in ({}, {"native_audio": "false"}):
        story_id = story(client, "", idea="Cats", scene_count="1", audio_option='{"native_audio": true}')
        client.post(f"/story/{story_id}/scenes", data=data).raise_for_status()
        client.post(f"/story/{story_id}/videos").raise_for_status()
        costs.append(emulator.jobs[-1].credits)
    assert costs == [100, 50]


# The ledger: what is charged where


def test_each_step_and_its_price(emulator: Emulator, client: httpx.Client):
    audio = {"native_audio": True}
    created = client.post("/v2/story", json={"idea": "Cats", "scene_count": 2, "audio_option": audio}).json()
    shown = [created["used_credits"]]
    for step, body in (("elements", {}), ("scenes", {}), ("videos", {"duration": 7, "video_tool": "PVideo"})):
        shown.append(client.post(f"/v2/story/{created['id']}/{step}", json=body).json()["used_credits"])
    emulator.finish(created["id"])
    shown.append(client.post(f"/v2/story/{created['id']}/concat", json={}).json()["used_credits"])
    price = 5 * 2 * 7 * 2
    assert shown == [0, 0, 0, price, price]
    assert [job.credits for job in emulator.jobs] == [price]


def test_a_new_generation_costs_what_the_media_is_by_then(emulator: Emulator, client: httpx.Client):
    body = {"prompt": "x", "quantity": 4, "duration": 10, "audio_option": {"native_audio": True}}
    media_id = client.post("/v2/media", json=body).json()["id"]
    client.put(f"/v2/media/{media_id}", json={"prompt": "y"}).raise_for_status()
    client.put(f"/v2/media/{media_id}", json={"video_tool": "VeoLite", "loop": 6}).raise_for_status()
    assert [job.credits for job in emulator.jobs] == [800, 800, 400]


def test_a_tool_is_ignored_where_the_call_has_none(client: httpx.Client):
    story_id = story(client, idea="Cats")
    for tool in ("RunwayML", {"a": 1}, [1]):
        assert client.post(f"/v2/story/{story_id}/elements", json={"video_tool": tool}).status_code == 200


def test_a_storyboard_without_scenes_keeps_those_that_are_there(emulator: Emulator, client: httpx.Client):
    story_id = story(client, idea="Cats", scene_count=2)
    client.post(f"/v2/story/{story_id}/scenes", json={}).raise_for_status()
    cast = {"characters": [{"name": "Tom", "description": "a cat", "image_url": ""}]}
    response = client.post(f"/v2/story/{story_id}/videos", json={"storyboard": cast}).json()
    assert [one["name"] for one in response["storyboard"]["characters"]] == ["Tom"]
    assert len(response["all_medias"]) == 2
    assert [job.credits for job in emulator.jobs] == [100]


def test_more_scenes_than_max_scenes():
    with (
        Emulator(max_scenes=3) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": "k"}) as client,
    ):
        responses = [client.post("/story", data={"idea": "Cats", "scene_count": count}) for count in ("3", "4")]
    assert [response.status_code for response in responses] == [200, 422]
    error = responses[1].json()["detail"][0]
    assert (error["loc"], error["ctx"]) == (["body", "scene_count"], {"le": 3})
