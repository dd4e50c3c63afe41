"""Version 2: plain JSON, and its view of the store."""

from __future__ import annotations

import re

import httpx
import pytest
from vimmerse.emulator import AT_ONCE, Emulator

from .conftest import KEY


def test_a_story_in_one_call(emulator: Emulator, client: httpx.Client):
    body = {"idea": "Cats play drums", "title": "Cats", "scene_count": 2, "aspect_ratio": "9:16", "is_transition": True}
    created = client.post("/v2/story/idea-2-video", json=body).json()
    assert "data" not in created
    assert (created["title"], created["is_transition"], created["aspect_ratio"]) == ("Cats", True, "9:16")
    assert created["all_medias"] == []
    assert "storyboard" not in created
    seen = [client.get(f"/v2/story/{created['id']}").json() for _ in range(2)]
    assert [(one["status"], one["progress_percentage"]) for one in seen] == [("processing", 50), ("success", 100)]
    done = seen[1]
    assert len(done["all_medias"]) == len(done["storyboard"]["scenes"]) == 2
    assert done["all_medias"][0]["result"][0]["url"].startswith(emulator.files_url)
    assert httpx.get(done["video_url"]).headers["content-type"] == "video/mp4"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", done["updated_at"])


def test_given_elements_appear_in_the_scenes(client: httpx.Client):
    cast = {"characters": [{"name": "Pip", "description": "a rabbit", "image_url": "https://example.com/pip.png"}]}
    story = client.post("/v2/story", json={"idea": "Rabbits", "elements": cast}).json()
    assert story["storyboard"]["characters"] == cast["characters"]
    assert all("Pip" in scene["image_description"] for scene in story["storyboard"]["scenes"])
    story = client.post(f"/v2/story/{story['id']}/elements", json={}).json()
    assert story["storyboard"]["characters"] == cast["characters"]  # an image that is there is kept


def test_one_scene_an_image(client: httpx.Client):
    urls = ["https://example.com/1.jpg", "https://example.com/2.jpg"]
    story = client.post("/v2/story", json={"image_urls": urls, "scene_count": 7}).json()
    assert [scene["image_url"] for scene in story["storyboard"]["scenes"]] == urls
    response = client.post(f"/v2/story/{story['id']}/videos", json={"duration": 3})
    assert len(response.json()["all_medias"]) == 2
    assert response.json()["all_medias"][1]["media_items"] == [{"type": "image", "url": urls[1], "position": "First"}]


@pytest.mark.parametrize(
    ("audio", "music", "voice"),
    [
        ({}, True, True),
        ({"has_bg_music": False}, False, True),
        ({"has_narration": False}, True, False),
        ({"native_audio": True, "has_narration": True}, True, False),
    ],
)
def test_the_sound_of_the_scenes(client: httpx.Client, audio: dict[str, bool], music: bool, voice: bool):
    story = client.post("/v2/story", json={"idea": "Cats"}).json()["id"]
    board = {"scenes": [{"name": "Only", "image_description": "A cat."}]}
    response = client.post(f"/v2/story/{story}/scenes", json={"storyboard": board, "audio_option": audio}).json()
    assert ("music" in response["storyboard"]) is music
    assert bool(response["storyboard"]["scenes"][0].get("narrator")) is voice


def test_a_storyboard_is_taken_over(client: httpx.Client):
    created = client.post("/v2/story", json={"idea": "Cats"}).json()
    board = {"scenes": [{"name": "One", "image_url": "https://example.com/1.png"}]}
    response = client.post(f"/v2/story/{created['id']}/videos", json={"storyboard": board}).json()
    assert [scene["name"] for scene in response["storyboard"]["scenes"]] == ["One"]
    assert response["storyboard"]["characters"] == created["storyboard"]["characters"]
    assert len(response["all_medias"]) == 1


def test_videos_need_images(client: httpx.Client):
    story_id = client.post("/v2/story", json={"idea": "Cats"}).json()["id"]
    response = client.post(f"/v2/story/{story_id}/videos", json={})
    assert (response.status_code, response.json()["code"]) == (400, "BAD_REQUEST")
    assert "create the scenes first" in response.json()["message"]
    empty = client.post(f"/v2/story/{story_id}/videos", json={"storyboard": {"scenes": []}})
    assert empty.status_code == 400


def test_composing_a_video_a_second_time(emulator: Emulator, client: httpx.Client):
    story_id = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()["id"]
    assert client.post(f"/v2/story/{story_id}/concat", json={}).status_code == 400
    emulator.finish(story_id)
    first = client.get(f"/v2/story/{story_id}").json()
    second = client.post(f"/v2/story/{story_id}/concat", json={}).json()
    assert "video_url" not in second
    assert second["storyboard"] == first["storyboard"]  # nothing is hidden once it was shown
    emulator.finish(story_id)
    assert client.get(f"/v2/story/{story_id}").json()["video_url"] != first["video_url"]


def test_deleting_a_story_deletes_its_clips(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=AT_ONCE)
    created = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()
    assert client.delete(f"/v2/story/{created['id']}").json() == created
    assert client.get(f"/v2/story/{created['id']}").json()["code"] == "STORY_NOT_FOUND"
    assert client.delete(f"/v2/story/{created['id']}").status_code == 404
    assert client.get(f"/v2/media/{created['all_medias'][0]['id']}").json()["code"] == "MEDIA_NOT_FOUND"


def test_a_regenerated_clip_no_longer_ends_with_its_story(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=AT_ONCE)
    clip = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()["all_medias"][0]["id"]
    assert client.put(f"/v2/media/{clip}", json={"prompt": "Dogs"}).json()["processing_status"] == "new"
    emulator.finish(clip)
    assert client.get(f"/v2/media/{clip}").json()["processing_status"] == "success"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields=processing_status", {"processing_status"}),
        ("fields=id,result", {"id", "result"}),
        ("fields=id&fields=title", {"id", "title"}),
        ("fields=id,%20title,", {"id", "title"}),
    ],
)
def test_chosen_fields(client: httpx.Client, query: str, expected: set[str]):
    media_id = client.post("/v2/media", json={"prompt": "Rain"}).json()["id"]
    assert set(client.get(f"/v2/media/{media_id}?{query}").json()) == expected


def test_no_fields_chosen_means_all(client: httpx.Client):
    created = client.post("/v2/media", json={"prompt": "Rain"}).json()
    assert set(client.get(f"/v2/media/{created['id']}?fields=").json()) == set(created)


def test_media_items_and_parameters_of_a_media(client: httpx.Client):
    items = [{"type": "image", "url": "https://example.com/a.png", "position": "First"}]
    created = client.post("/v2/media", json={"media_items": items, "aspect_ratio": "1:1", "duration": 8}).json()
    assert created["media_items"] == items
    assert created["pose_preset"]["aspect_ratio"] == "1:1"
    assert created["duration_time"] == "8"
    changed = client.put(f"/v2/media/{created['id']}", json={"audio_option": {"native_audio": True}}).json()
    assert changed["submit_params"]["native_audio"] is True
    assert changed["media_items"] == items


@pytest.mark.parametrize("shared", [False, True])
def test_ids_are_shared_between_versions_only_on_request(shared: bool):
    with (
        Emulator(shared_ids=shared) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        old = client.post("/media", data={"prompt": "Rain"}).json()["data"]["id"]
        new = client.post("/v2/media", json={"prompt": "Rain"}).json()["id"]
        old_story = client.post("/story", data={"idea": "Cats"}).json()["data"]["id"]
        new_story = client.post("/v2/story", json={"idea": "Cats"}).json()["id"]
        status = 200 if shared else 404
        for path in (f"/v2/media/{old}", f"/media/{new}", f"/v2/story/{old_story}", f"/story/{new_story}"):
            assert client.get(path).status_code == status
        for path in (f"/media/{old}", f"/v2/media/{new}", f"/story/{old_story}", f"/v2/story/{new_story}"):
            assert client.get(path).status_code == 200


def test_media_items_can_be_replaced(client: httpx.Client):
    media_id = client.post("/v2/media", json={"prompt": "Rain"}).json()["id"]
    items = [{"type": "image", "url": "https://example.com/a.png", "position": "Last"}]
    assert client.put(f"/v2/media/{media_id}", json={"media_items": items}).json()["media_items"] == items


def test_a_story_without_videos_can_not_be_finished(emulator: Emulator, client: httpx.Client):
    story_id = client.post("/v2/story", json={"idea": "Cats"}).json()["id"]
    with pytest.raises(ValueError, match="no videos under way yet"):
        emulator.finish(story_id)
