"""Version 1: its wrappers, words and downloads."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

import httpx
import pytest
from vimmerse.compat.rules.params import parse_params
from vimmerse.emulator import AT_ONCE, Emulator
from vimmerse.emulator.presets import motions, parse, written

from .conftest import KEY

PNG = ("image", ("shoe.png", b"png", "image/png"))


def upload(client: httpx.Client, presets: object, **fields: object) -> dict[str, Any]:
    data = {"data": json.dumps({"pose_preset": presets, **fields})}
    response = client.post("/media/upload", files=[PNG], data=data)
    assert response.status_code == 200, response.text
    return dict(response.json()["data"])


def test_a_media_from_queue_to_success(emulator: Emulator, client: httpx.Client):
    created = client.post("/media", data={"prompt": "Rain", "motion_type": "KlingAI"}).json()["data"]
    assert (created["processing_status"], created["progress_percentage"]) == ("queue_bullet", 20)
    assert created["duration_time"] == "0"
    seen = [client.get(f"/media/{created['id']}/processing-status").json()["data"] for _ in range(2)]
    assert [one["processing_status"] for one in seen] == ["processing_bullet", "success"]
    assert [one["progress_percentage"] for one in seen] == ["60", "100"]
    done = client.get(f"/media/{created['id']}").json()["data"]
    assert done["progress_percentage"] == 100
    assert done["result"][0]["url"].startswith(emulator.files_url)
    assert (done["duration_time"], done["bullet_version"], done["version"]) == ("5.0", "1", "2")
    assert done["video_history"][0]["pose_preset"] == done["pose_preset"]
    assert done["pose_preset"]["MotionType"] == "KlingAI"


def test_timestamps_have_a_space(client: httpx.Client):
    created = client.post("/media", data={"prompt": "Rain"}).json()["data"]
    story = client.post("/story", data={"idea": "Cats"}).json()["data"]
    for stamp in (created["created_at"], created["updated_at"], story["created_at"], story["updated_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00", stamp)


@pytest.mark.parametrize("shape", ["live", "double", "single"])
def test_the_wrappers_of_a_read_media(shape: Literal["live", "double", "single"]):
    with (
        Emulator(media_shape=shape) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        media_id = client.post("/media", data={"prompt": "Rain"}).json()["data"]["id"]
        outer = client.get(f"/media/{media_id}").json()["data"]
        assert ("id" in outer, "data" in outer) == {
            "live": (True, True),
            "double": (False, True),
            "single": (True, False),
        }[shape]
        assert outer.get("data", outer)["id"] == media_id


def test_several_motions_in_one_media(emulator: Emulator, client: httpx.Client):
    presets = [
        {"MotionType": "Parallax", "Params": "CameraPath=Cross|Prompt=|Quantity=1"},
        {"MotionType": "Auto", "Params": "Prompt=a|b=c|Quantity=2|MotionLength=7"},
        {"MotionType": "Auto", "Params": "Prompt=d"},
    ]
    emulator.next_job(transition=AT_ONCE)
    created = upload(client, presets, title="Shoe")
    assert created["pose_preset"] == presets
    assert [one["motion_type"] for one in created["result"]] == ["Parallax1", "Auto1", "Auto2", "Auto3"]
    assert created["file_map"] == [{"FileType": "Texture", "FileName": "shoe.png"}]


@pytest.mark.parametrize(
    ("name", "index"),
    [("", 0), ("Parallax", 0), ("Parallax1", 0), ("Auto", 1), ("Auto1", 1), ("Auto2", 2), ("AutoT1", 3)],
)
def test_a_download_is_the_video_that_was_named(emulator: Emulator, client: httpx.Client, name: str, index: int):
    emulator.next_job(transition=AT_ONCE)
    presets = [
        {"MotionType": "Parallax", "Params": ""},
        {"MotionType": "Auto", "Params": "Quantity=2"},
        {"MotionType": "AutoT1", "Params": ""},
    ]
    created = upload(client, presets)
    query = {"object_type": "bullet_video_mp4", "motion_type": name, "width": "1080", "file_size": "4"}
    response = client.get(
        f"/media/{created['id']}/download", params={key: value for key, value in query.items() if value}
    )
    assert response.status_code == 200
    file = emulator.file(created["result"][index]["url"])
    assert file is not None
    assert response.content == b"".join(file.chunks())
    assert response.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["Auto0", "Auto2", "KlingAI", "KlingAI1", "7"])
def test_a_download_of_an_unknown_video(emulator: Emulator, client: httpx.Client, name: str):
    emulator.next_job(transition=AT_ONCE)
    media_id = upload(client, {"MotionType": "Auto", "Params": ""})["id"]
    response = client.get(f"/media/{media_id}/download", params={"motion_type": name})
    assert (response.status_code, response.json()) == (400, {"message": "BAD_REQUEST"})


def test_a_download_before_the_end(client: httpx.Client):
    media_id = upload(client, {"MotionType": "Auto", "Params": ""})["id"]
    assert client.get(f"/media/{media_id}/download").status_code == 400


def test_other_objects_of_a_media(emulator: Emulator, client: httpx.Client):
    media_id = upload(client, {"MotionType": "Auto", "Params": ""})["id"]
    assert client.get(f"/media/{media_id}/download?object_type=bullet_video_gif").content[:4] == b"GIF8"
    assert client.get(f"/media/{media_id}/download?object_type=source").content == b"png"
    assert client.get(f"/media/{media_id}/download?object_type=soup").status_code == 400


def test_the_prompt_call_takes_json(client: httpx.Client):
    response = client.post(
        "/media/prompt",
        json={
            "title": "T",
            "primary_user_id": "u1",
            "pose_preset": [{"MotionType": "Auto", "Params": "Prompt=Shoes|Quantity=2"}],
            "submit_params": {"sound_effects": "yes", "file_size": "1.6", "pipeline_preset": "Normal"},
        },
    )
    created = response.json()["data"]
    assert (created["title"], created["primary_user_id"], created["file_map"]) == ("T", "u1", [])
    assert created["submit_params"] == {
        "sound_effects": "yes",
        "native_audio": True,
        "pipeline_preset": "Normal",
        "file_size": "1.6",
        "scale_factor": "1",
    }


def test_prompts_may_contain_what_looks_like_a_key():
    assert parse("Prompt=a|b=c|Quantity=2|Zoom=1") == {"Prompt": "a|b=c", "Quantity": "2", "Zoom": "1"}
    assert parse("") == {}
    assert parse("nothing") == {}
    (motion,) = motions({"MotionType": "Auto", "Params": "Quantity=99|MotionLength=x|Loop=-1|AspectRatio=9:16"})
    assert (motion.quantity, motion.duration, motion.loop, motion.aspect_ratio) == (4, 5, 1, "9:16")
    (default,) = motions(None)
    text = str(written(default)["Params"])
    assert text == "Prompt=|CameraPath=|Quantity=1|MotionAmount=5|MotionLength=5|Loop=1"


def test_edits_are_free_until_they_touch_the_video(emulator: Emulator, client: httpx.Client):
    media_id = client.post("/media", data={"prompt": "Rain"}).json()["data"]["id"]
    edited = client.put(f"/media/{media_id}/edit", data={"title": "T", "rating": "5", "visibility_status": "2"}).json()[
        "data"
    ]
    assert (edited["title"], edited["rating"], edited["visibility_status"]) == ("T", "5", "2")
    assert len(emulator.jobs) == 1
    second = client.put(f"/media/{media_id}", data={"duration": "9", "motion_type": "RunwayML"}).json()["data"]
    assert second["pose_preset"]["MotionType"] == "RunwayML"
    assert "MotionLength=9" in second["pose_preset"]["Params"]
    assert second["processing_status"] == "queue_bullet"
    client.post(f"/media/{media_id}/process").raise_for_status()
    assert [job.operation for job in emulator.jobs] == [
        "POST /media",
        "PUT /media/{media_id}",
        "POST /media/{media_id}/process",
    ]


def test_an_edited_preset_is_rewritten(emulator: Emulator, client: httpx.Client):
    media_id = upload(client, {"MotionType": "Auto", "Params": "Prompt=old|PromptStrength=1"})["id"]
    edited = client.put(f"/media/{media_id}/edit", data={"prompt": "new"}).json()["data"]
    assert edited["pose_preset"]["Params"].startswith("Prompt=new|")


def test_a_story_step_by_step(emulator: Emulator, client: httpx.Client):
    story = client.post("/story", data={"idea": "A fox sails", "scene_count": "2"}).json()["data"]
    assert (story["status"], story["progress_percentage"], story["video_url"]) == ("new", 0, "")
    assert len(story["scenes"]) == 2
    assert story["storyboard"]["characters"][0]["URL"] == ""
    path = f"/story/{story['id']}"
    story = client.post(f"{path}/elements", data={"option": "FluxKontextPro", "seed": "1"}).json()["data"]
    assert (story["status"], story["progress_percentage"], story["aspect_ratio"]) == ("processing", 10, "9:16")
    character = story["storyboard"]["characters"][0]
    assert character["URL"] != ""
    assert "image_url" not in character
    assert story["scenes"][0]["image_url"] == ""
    board = story["storyboard"]
    board["scenes"][0]["narrator"] = "Ahoy!"
    story = client.post(f"{path}/scenes", data={"storyboard": json.dumps(board)}).json()["data"]
    assert (story["progress_percentage"], story["aspect_ratio"]) == (50, "16:9")
    assert story["scenes"][0]["narrator"] == "Ahoy!"
    assert all(scene["image_url"] for scene in story["scenes"])
    scenes = [*story["scenes"], {"name": "Third", "image_url": "https://example.com/3.png"}]
    story = client.post(f"{path}/videos", data={"scenes": json.dumps(scenes), "is_transition": "Yes"}).json()["data"]
    assert (story["is_transition"], len(story["medias"])) == (True, 3)
    assert story["medias"][0]["batch_id"] == story["id"]
    assert story["medias"][0]["processing_status"] == "queue_bullet"
    for _ in range(2):
        story = client.get(path).json()["data"]
    assert (story["status"], story["progress_percentage"]) == ("success", 100)
    first = story["video_url"]
    assert story["medias"][2]["result"][0]["url"] != ""
    clips = story["medias"]
    story = client.post(f"{path}/concat", data={"audio_urls": ["https://example.com/a.mp3"]}).json()["data"]
    assert (story["status"], story["video_url"]) == ("new", "")
    for _ in range(2):
        story = client.get(path).json()["data"]
    assert story["video_url"] not in ("", first)
    assert [clip["result"] for clip in story["medias"]] == [clip["result"] for clip in clips]
    assert [len(clip["video_history"]) for clip in story["medias"]] == [1, 1, 1]
    assert len(emulator.jobs) == 1


def test_videos_need_scenes_with_images(client: httpx.Client):
    story_id = client.post("/story", data={"idea": "Cats"}).json()["data"]["id"]
    assert client.post(f"/story/{story_id}/videos").status_code == 400
    assert client.post(f"/story/{story_id}/concat").status_code == 400


def test_a_story_of_uploaded_images(emulator: Emulator, client: httpx.Client):
    files = [("image_files", (f"{name}.png", name.encode(), "image/png")) for name in "ab"]
    story = client.post("/story", files=files, data={"idea": "Cats", "scene_count": "9"}).json()["data"]
    assert len(story["scenes"]) == 2
    assert [httpx.get(scene["image_url"]).content for scene in story["scenes"]] == [b"a", b"b"]


def test_a_story_is_continued_edited_and_deleted(client: httpx.Client):
    first = client.post("/story", data={"idea": "Cats"}).json()["data"]["id"]
    second = client.post("/story", data={"idea": "Dogs", "story_id": first}).json()["data"]
    assert (second["id"], second["idea"]) == (first, "Dogs")
    assert client.post("/story", data={"idea": "Dogs", "story_id": "none"}).json() == {"message": "NOT_FOUND"}
    edited = client.put(f"/story/{first}", json={"title": "T", "visibility_status": "0"}).json()["data"]
    assert (edited["title"], edited["visibility_status"]) == ("T", "0")
    assert client.delete(f"/story/{first}").json()["data"]["title"] == "T"
    assert client.get(f"/story/{first}").json() == {"message": "NOT_FOUND"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, 150),
        ({"sound_effects": "Yes"}, 300),
        ({"native_audio": "true", "sound_effects": "No"}, 300),
        ({"audio_option": '{"native_audio": false}', "native_audio": "true"}, 150),
    ],
)
def test_the_newer_name_of_native_audio_wins(
    emulator: Emulator, client: httpx.Client, form: dict[str, str], expected: int
):
    client.post("/story/idea-2-video", data={"idea": "Cats", **form})
    assert emulator.credits_used == expected


def test_names_of_revised_v1_win_over_those_of_original_v1(emulator: Emulator, client: httpx.Client):
    form = {"idea": "Cats", "duration": "9", "scene_duration": "5", "motion_type": "Wan", "video_tool": "VeoLite"}
    client.post("/story/idea-2-video", data=form)
    assert emulator.credits_used == 5 * 3 * 5


def test_a_late_story_as_json(client: httpx.Client):
    body = {
        "idea": "Cats",
        "is_transition": True,
        "elements": {"characters": [{"name": "Tom", "description": "a cat"}]},
        "audio_option": {"has_bg_music": False},
    }
    story = client.post("/story/idea-2-video", json=body).json()["data"]
    story = client.get(f"/story/{story['id']}").json()["data"]
    assert story["is_transition"] is True
    assert [one["name"] for one in story["storyboard"]["characters"]] == ["Tom"]
    assert "music" not in story["storyboard"]


def test_a_story_without_a_voice(client: httpx.Client):
    story = client.post("/story/idea-2-video", json={"idea": "Cats", "narrator": ""}).json()["data"]
    board = json.dumps({"scenes": [{"name": "One", "image_description": "A cat."}]})
    path = f"/story/{story['id']}/scenes"
    assert "narrator" not in client.post(path, data={"storyboard": board}).json()["data"]["storyboard"]["scenes"][0]
    response = client.post(path, data={"storyboard": board, "has_narration": "true"})
    assert response.json()["data"]["storyboard"]["scenes"][0]["narrator"] == "Scene 1. A cat."


def test_sound_effects_of_the_last_step_double_the_price(emulator: Emulator, client: httpx.Client):
    story_id = client.post("/story", data={"idea": "Cats", "scene_count": "1"}).json()["data"]["id"]
    client.post(f"/story/{story_id}/scenes")
    client.post(f"/story/{story_id}/videos", data={"sound_effects": "Yes"}).raise_for_status()
    assert emulator.credits_used == 100


def test_frames_by_url_and_as_items(emulator: Emulator, client: httpx.Client):
    urls = ["https://example.com/first.png", "https://example.com/last.png?size=2"]
    created = client.post("/media", data={"image_urls": urls}).json()["data"]
    assert created["is_transition"] == "Yes"
    assert [entry["FileName"] for entry in created["file_map"]] == ["first.png", "last.png"]
    items = json.dumps([{"type": "video", "url": "https://example.com/clip.mp4", "position": "First"}])
    edited = client.put(f"/media/{created['id']}/edit", data={"media_items": items}).json()["data"]
    assert [entry["FileName"] for entry in edited["file_map"]] == ["clip.mp4"]
    assert edited["is_transition"] == "No"
    assert len(emulator.jobs) == 2


def test_a_field_without_a_value_changes_nothing(emulator: Emulator, client: httpx.Client):
    created = client.post("/media", data={"prompt": "Rain"}).json()["data"]
    assert client.put(f"/media/{created['id']}", json={}).json()["data"] == created
    edited = client.put(f"/media/{created['id']}", json={"rating": 4, "prompt": None}).json()["data"]
    assert edited["rating"] == "4"
    assert len(emulator.jobs) == 1


def test_elements_without_music(client: httpx.Client):
    story_id = client.post("/story", data={"idea": "Cats"}).json()["data"]["id"]
    boards = []
    for music in ("false", "true"):
        story = client.post(f"/story/{story_id}/elements", data={"background_music": music}).json()["data"]
        boards.append(json.dumps(story["storyboard"]))
    assert ".mp3" not in boards[0]
    assert ".mp3" in boards[1]


def test_a_repeated_parameter_counts_where_it_stands_last(client: httpx.Client) -> None:
    """Else a prompt that speaks of one would change what is paid for; the compat layer reads them in the same way."""
    text = "Prompt=say |Quantity=4 twice|MotionLength=10 s|Quantity=1|MotionLength=5|Loop=1"
    created = client.post("/media/prompt", json={"pose_preset": {"MotionType": "Auto", "Params": text}}).json()["data"]
    assert parse(text) == parse_params(text)
    assert parse(text)["Prompt"] == "say |Quantity=4 twice|MotionLength=10 s"
    assert created["pose_preset"]["Params"] == text
