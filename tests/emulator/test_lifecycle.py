"""When jobs end and how; what they cost."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from vimmerse.emulator import AT_ONCE, AfterPolls, AfterSeconds, Emulator, Never
from vimmerse.emulator.lifecycle import GenerationJob, Plan
from vimmerse.emulator.models import Media

from .conftest import KEY


def media(client: httpx.Client, **fields: object) -> str:
    return str(client.post("/v2/media", json={"prompt": "Rain", **fields}).json()["id"])


def statuses(client: httpx.Client, identifier: str, count: int) -> list[str]:
    return [client.get(f"/v2/media/{identifier}").json()["processing_status"] for _ in range(count)]


def test_by_default_the_second_read_shows_the_end(client: httpx.Client):
    created = client.post("/v2/media", json={"prompt": "Rain"}).json()
    assert created["processing_status"] == "new"
    assert statuses(client, created["id"], 3) == ["processing", "success", "success"]


@pytest.mark.parametrize(
    ("transition", "expected"),
    [
        (AT_ONCE, ["success", "success"]),
        (AfterPolls(1), ["success", "success"]),
        (AfterPolls(3), ["processing", "processing", "success", "success"]),
        (Never(), ["processing", "processing", "processing"]),
    ],
)
def test_reads_until_the_end(emulator: Emulator, client: httpx.Client, transition: Any, expected: list[str]):
    emulator.next_job(transition=transition)
    assert statuses(client, media(client), len(expected)) == expected


def test_a_job_that_ends_at_creation(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=AT_ONCE)
    created = client.post("/v2/media", json={"prompt": "Rain"}).json()
    assert created["processing_status"] == "success"
    assert len(created["result"]) == 1


def test_a_job_that_ends_by_the_clock():
    now = [100.0]
    with (
        Emulator(transition=AfterSeconds(10), clock=lambda: now[0]) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        story = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()
        assert (story["status"], story["progress_percentage"]) == ("new", 0)
        seen = []
        for moment in (103.0, 109.0, 110.0, 111.0):
            now[0] = moment
            story = client.get(f"/v2/story/{story['id']}").json()
            seen.append((story["status"], story["progress_percentage"]))
        assert seen == [("processing", 30), ("processing", 90), ("success", 100), ("success", 100)]


def test_tick_ends_what_is_due():
    now = [0.0]
    with (
        Emulator(transition=AfterSeconds(10), clock=lambda: now[0]) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        media(client, webhook_url="nowhere")
        emulator.tick()
        assert emulator.webhooks == ()
        now[0] = 10.0
        emulator.tick()
        assert emulator.wait_for_webhooks(1)[0].payload["status"] == "success"


@pytest.mark.parametrize(
    ("outcome", "v1", "story_v1"),
    [
        ("failed", "fail", "fail"),
        ("cancelled", "cancel", "fail"),
        ("exploded", "exploded", "exploded"),
    ],
)
def test_other_outcomes(emulator: Emulator, client: httpx.Client, outcome: str, v1: str, story_v1: str):
    emulator.next_job(outcome, transition=AT_ONCE, times=4)
    new = client.post("/v2/media", json={"prompt": "Rain"}).json()
    assert (new["processing_status"], new["result"]) == (outcome, [])
    old = client.post("/media", data={"prompt": "Rain"}).json()["data"]
    assert (old["processing_status"], old["progress_percentage"], old["result"]) == (v1, 100, [])
    story = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()
    assert (story["status"], story["progress_percentage"]) == (outcome, 0)
    assert "video_url" not in story
    story = client.post("/story/idea-2-video", data={"idea": "Cats"}).json()["data"]
    assert (story["status"], story["progress_percentage"], story["video_url"]) == (story_v1, 100, "")
    # The plans are used up.
    assert client.post("/v2/media", json={"prompt": "Rain"}).json()["processing_status"] == "new"


def test_intermediate_statuses(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=AfterPolls(4), on_the_way=["queued", "dreaming", "drawing", "sewing"])
    created = client.post("/v2/media", json={"prompt": "Rain"}).json()
    assert created["processing_status"] == "queued"
    assert statuses(client, created["id"], 4) == ["dreaming", "drawing", "sewing", "success"]


def test_finishing_a_job(emulator: Emulator, client: httpx.Client):
    emulator.next_job(transition=Never(), times=2)
    first, second = media(client), media(client)
    emulator.finish(first)
    emulator.finish(second, "cancelled")
    assert statuses(client, first, 1) == ["success"]
    assert statuses(client, second, 1) == ["cancelled"]
    with pytest.raises(ValueError, match=r"has already ended \(success\)"):
        emulator.finish(first)
    with pytest.raises(KeyError, match="no story or media 'nothing'"):
        emulator.finish("nothing")


def test_a_story_and_its_clips_end_together(emulator: Emulator, client: httpx.Client):
    created = client.post("/v2/story/idea-2-video", json={"idea": "Cats", "scene_count": 2}).json()
    story = client.get(f"/v2/story/{created['id']}").json()
    clips = [clip["id"] for clip in story["all_medias"]]
    assert [clip["processing_status"] for clip in story["all_medias"]] == ["processing", "processing"]
    with pytest.raises(ValueError, match="ends with its story"):
        emulator.finish(clips[0])
    assert client.get(f"/v2/media/{clips[0]}").json()["processing_status"] == "success"  # the second read
    assert client.get(f"/v2/story/{created['id']}").json()["status"] == "success"


def test_the_video_url_may_come_later_than_the_success():
    with (
        Emulator(transition=AfterPolls(1), compose_polls=2) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        story_id = client.post("/v2/story/idea-2-video", json={"idea": "Cats"}).json()["id"]
        seen = [client.get(f"/v2/story/{story_id}").json() for _ in range(4)]
        assert [one["status"] for one in seen] == ["success"] * 4
        assert ["video_url" in one for one in seen] == [False, False, True, True]


@pytest.mark.parametrize(
    "wrong", [lambda: AfterPolls(-1), lambda: AfterSeconds(-0.1), lambda: AfterSeconds(float("nan"))]
)
def test_invalid_transitions(wrong: Any):
    with pytest.raises(ValueError, match="must be 0 or more"):
        wrong()
    with pytest.raises(ValueError, match="at least one status"):
        Plan(on_the_way=())


def test_progress_is_never_negative():
    job = GenerationJob(Plan(AfterSeconds(10)), started_at=50.0)
    assert job.fraction(40.0) == 0.0  # a clock that was set back
    assert job.status(60.0) == "success"


# ---- money


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/v2/story/idea-2-video", {"idea": "x"}, 150),
        ("/v2/story/idea-2-video", {"idea": "x", "scene_count": 4, "scene_duration": 10}, 400),
        (
            "/v2/story/idea-2-video",
            {"idea": "x", "video_tool": "AutoT1", "scene_count": 5, "audio_option": {"native_audio": True}},
            250,
        ),
        (
            "/v2/story/url-2-video",
            {
                "idea": "x",
                "video_tool": "VeoFast",
                "scene_count": 5,
                "scene_duration": 10,
                "audio_option": {"native_audio": True},
            },
            1000,
        ),
        ("/v2/story/images-2-video", {"image_urls": ["a", "b"], "video_tool": "VeoLite"}, 50),
        ("/v2/media", {"prompt": "x"}, 50),
        ("/v2/media", {"prompt": "x", "quantity": 3, "duration": 4, "video_tool": "PVideo"}, 60),
        ("/v2/media", {"prompt": "x", "audio_option": {"native_audio": True}}, 100),
    ],
)
def test_prices(emulator: Emulator, client: httpx.Client, path: str, body: dict[str, Any], expected: int):
    created = client.post(path, json=body).json()
    (job,) = emulator.jobs
    assert (job.operation, job.id, job.credits) == (f"POST {path}", created["id"], expected)
    assert emulator.credits_used == expected
    if "story" in path:
        assert created["used_credits"] == expected


def test_v1_prices(emulator: Emulator, client: httpx.Client):
    client.post("/story/idea-2-video", data={"idea": "x", "duration": "8", "sound_effects": "Yes"})
    client.post("/media/prompt", json={"pose_preset": [{"MotionType": "Auto", "Params": "Quantity=2"}] * 2})
    assert [job.credits for job in emulator.jobs] == [10 * 3 * 8 * 2, 10 * 4 * 5]


def test_only_the_videos_step_costs_credits(emulator: Emulator, client: httpx.Client):
    story_id = client.post("/v2/story", json={"idea": "Cats", "scene_count": 2}).json()["id"]
    for step in ("elements", "scenes"):
        client.post(f"/v2/story/{story_id}/{step}", json={}).raise_for_status()
    assert not emulator.jobs
    story = client.post(f"/v2/story/{story_id}/videos", json={"duration": 7}).json()
    assert [job.credits for job in emulator.jobs] == [140]
    assert story["used_credits"] == 140


def test_the_balance(client: httpx.Client):
    with (
        Emulator(credits=120) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as poor,
    ):
        kept = media(poor)
        emulator.next_job("failed")  # for the next job that is accepted
        refused = poor.post("/v2/story/idea-2-video", json={"idea": "Cats"})
        assert (refused.status_code, refused.json()["code"]) == (402, "INSUFFICIENT_CREDIT")
        assert (emulator.credits, len(emulator.jobs)) == (70, 1)
        emulator.credits = 1000
        media_id = media(poor)
        assert statuses(poor, media_id, 2) == ["processing", "failed"]
        assert (emulator.credits, emulator.credits_used) == (950, 100)
        assert statuses(poor, kept, 2) == ["processing", "success"]


def test_a_rejected_update_changes_nothing(emulator: Emulator, client: httpx.Client):
    media_id = media(client, title="Before")
    emulator.finish(media_id)
    before = client.get(f"/v2/media/{media_id}").json()
    emulator.credits = 10
    assert client.put(f"/v2/media/{media_id}", json={"title": "After", "duration": 9}).status_code == 402
    after = client.get(f"/v2/media/{media_id}?fields=title,pose_preset,updated_at").json()
    assert after == {name: before[name] for name in ("title", "pose_preset", "updated_at")}
    emulator.credits = None
    story = client.post("/v2/story", json={"idea": "Cats"}).json()["id"]
    client.post(f"/v2/story/{story}/scenes", json={})
    before = client.get(f"/v2/story/{story}").json()
    emulator.credits = 1
    assert client.post(f"/v2/story/{story}/videos", json={"title": "After", "duration": 9}).status_code == 402
    assert client.get(f"/v2/story/{story}").json() == before


def test_free_and_paid_updates(emulator: Emulator, client: httpx.Client):
    media_id = media(client)
    emulator.finish(media_id)
    first = client.get(f"/v2/media/{media_id}").json()
    assert client.put(f"/v2/media/{media_id}", json={}).json() == first
    free = {"title": "t", "description": "d", "visibility_status": "0", "rating": "5", "webhook_url": "http://x.test/"}
    edited = client.put(f"/v2/media/{media_id}", json={**free, "prompt": None}).json()
    assert (edited["title"], edited["result"]) == ("t", first["result"])
    assert edited["updated_at"] > first["updated_at"]
    assert len(emulator.jobs) == 1
    second = client.put(f"/v2/media/{media_id}", json={"loop": 2}).json()
    assert (second["processing_status"], second["result"]) == ("new", [])
    assert second["pose_preset"]["prompt"] == "Rain"
    assert [job.operation for job in emulator.jobs] == ["POST /v2/media", "PUT /v2/media/{media_id}"]
    emulator.finish(media_id)
    assert client.get(f"/v2/media/{media_id}").json()["result"] != first["result"]


def test_an_older_generation_does_not_end_a_newer_one():
    now = [0.0]
    with (
        Emulator(transition=AfterSeconds(10), clock=lambda: now[0]) as emulator,
        httpx.Client(base_url=emulator.base_url, headers={"X-Api-Key": KEY}) as client,
    ):
        media_id = media(client)
        now[0] = 5.0
        client.put(f"/v2/media/{media_id}", json={"prompt": "Snow"})
        now[0] = 12.0
        assert statuses(client, media_id, 1) == ["processing"]
        now[0] = 15.0
        assert statuses(client, media_id, 1) == ["success"]


def test_a_stopped_emulator_sets_no_timer():
    now = [0.0]
    emulator = Emulator(transition=AfterSeconds(10), clock=lambda: now[0])
    store = emulator._store  # noqa: SLF001  # else a request would have to arrive during stop()
    job = store.new_job()
    media = Media(store.new_id(), "v2", store.timestamp(), store.timestamp(), job)
    store.start_job(media, job)
    assert not job.settled
    now[0] = 10.0
    emulator.tick()
    assert job.settled
