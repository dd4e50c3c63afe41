"""A batch from its first row to its last file."""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from vimmerse.batch import KeyConflictError, Ledger, PlannedJob, State, TableError, events, read_table, table_of
from vimmerse.batch.events import Event, Finished, Progressed, Started, Submitted, Uploaded
from vimmerse.emulator import AfterPolls, Emulator

from tests.batch.runner.runs import Runner, clip, clips

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_sends_waits_and_downloads(runner: Runner, tmp_path: Path) -> None:
    summary = runner.run(clips(5), budget=1000, download=tmp_path / "new" / "out")

    assert summary.is_complete
    assert (summary.total, summary.downloaded, summary.not_downloaded, summary.stop_reason) == (5, 5, 0, "")
    assert (summary.committed, summary.spent, summary.left) == (250, 250, 750)
    assert runner.created() == [f"Boat {number}" for number in range(1, 6)]
    assert names(tmp_path / "new" / "out") == [f"clip{n}.mp4" for n in range(1, 6)]
    assert set(runner.states().values()) == {State.FINISHED}
    first = [type(event).__name__ for event in runner.events if getattr(event, "key", "") == "clip1"]
    assert first == ["Reserved", "Submitted", "Progressed", "Finished", "Downloaded"]
    (started,) = runner.of(Started)
    assert started.summary.count(State.PLANNED) == 5
    assert started is runner.events[0]


def test_each_event_says_which_job_it_is_about(runner: Runner) -> None:
    runner.run(table_of([{"key": "boat", "idea": "A boat", "video_tool": "VeoLite"}], name="clips.csv"))

    (submitted,) = runner.of(Submitted)
    assert (submitted.key, submitted.number, submitted.place) == ("boat", 1, "clips.csv:1")
    (finished,) = runner.of(Finished)
    assert (finished.job_id, finished.estimate, finished.credits) == (submitted.job_id, submitted.estimate, 75)
    (progressed,) = runner.of(Progressed)
    assert (progressed.key, progressed.progress.id, progressed.progress.kind) == ("boat", submitted.job_id, "story")


def test_all_four_operations(runner: Runner, tmp_path: Path) -> None:
    image = "https://images.example/a.png"
    rows = [
        {"key": "a", "idea": "A boat"},
        {"key": "b", "operation": "url", "idea": "A film about https://boats.example"},
        {"key": "c", "image_urls": [image, image], "idea": "A trip"},
        {"key": "d", "prompt": "A wave"},
    ]
    summary = runner.run(rows, download=tmp_path / "out")

    assert summary.is_complete
    assert names(tmp_path / "out") == ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]
    assert sorted(charge.operation for charge in runner.emulator.jobs) == [
        "POST /v2/media",
        "POST /v2/story/idea-2-video",
        "POST /v2/story/images-2-video",
        "POST /v2/story/url-2-video",
    ]
    assert summary.spent == runner.emulator.credits_used


def test_several_files_of_one_job(runner: Runner, tmp_path: Path) -> None:
    runner.run([clip(1, quantity=3)], download=tmp_path / "out")

    assert names(tmp_path / "out") == ["clip1-2.mp4", "clip1-3.mp4", "clip1.mp4"]
    with Ledger(runner.location) as ledger:
        job = ledger.get("clip1")
    assert job is not None
    assert sorted(map(os.path.basename, job.files)) == names(tmp_path / "out")
    assert len(job.result) == 3


def test_an_image_is_uploaded_once(runner: Runner, tmp_path: Path) -> None:
    for name, content in (("a.png", PNG), ("b.png", PNG), ("c.png", PNG + b"c")):
        (tmp_path / name).write_bytes(content)
    rows = [
        {"key": "one", "image_urls": [str(tmp_path / "a.png"), str(tmp_path / "c.png")]},
        {"key": "two", "image_urls": [str(tmp_path / "b.png")]},
        {"key": "three", "prompt": "Go", "media_items": [{"type": "image", "url": str(tmp_path / "a.png")}]},
    ]
    summary = runner.run(rows, concurrency=8)

    assert summary.is_complete
    assert len(runner.emulator.uploads) == 2
    urls = {event.url for event in runner.of(Uploaded)}
    assert len(urls) == 2
    sent: dict[str, Any] = {}
    for request in runner.emulator.requests:
        if request.method == "POST" and request.path != "/v2/image":
            sent |= dict.fromkeys([request.path], request.json)
    body = sent["/v2/media"]
    assert {item["url"] for item in body["media_items"]} < urls

    # Another run of the batch knows it, too.
    runner.run([{"key": "four", "image_urls": [str(tmp_path / "b.png")]}])
    assert len(runner.emulator.uploads) == 2


def test_no_more_jobs_at_a_time_than_allowed(runner: Runner) -> None:
    busy, most = set[str](), 0

    def watch(event: Event) -> None:
        nonlocal most
        if isinstance(event, Submitted):
            busy.add(event.key)
        elif isinstance(event, Finished):
            busy.discard(event.key)
        most = max(most, len(busy))

    runner.emulator.next_job(transition=AfterPolls(3), times=12)
    summary = runner.run(clips(12), concurrency=3, on_event=watch)

    assert summary.is_complete
    assert most == 3


def test_rows_of_every_kind(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "clips.csv"
    path.write_text("key,prompt\na,A wave\nb,A boat\n")
    table = read_table(path)
    assert runner.run(table).total == 2
    assert runner.run(iter([*table, PlannedJob(key="c", operation="POST /v2/media", body={"prompt": "x"})])).total == 3
    assert runner.run(row for row in [{"key": "d", "prompt": "y"}]).total == 4
    assert runner.run([]).total == 4
    assert runner.run().is_complete
    assert len(runner.emulator.jobs) == 4


@pytest.mark.parametrize(
    "rows",
    ["clips.csv", Path("clips.csv"), 5, {"prompt": "x"}, [3], [None], [table_of([{"prompt": "x"}])]],
)
def test_other_rows_are_rejected(runner: Runner, rows: Any) -> None:
    with pytest.raises(TypeError, match="row"):
        runner.run(rows)
    assert runner.emulator.requests == ()


def test_nothing_is_sent_if_a_row_is_wrong(runner: Runner) -> None:
    with pytest.raises(TableError) as caught:
        runner.run([*clips(3), {"key": "x", "prompt": "y", "duration": "long"}, {"key": "y"}])
    assert len(caught.value.problems) == 2
    assert runner.emulator.requests == ()
    assert runner.states() == {}

    runner.run([clip(1)])
    with pytest.raises(KeyConflictError, match="clip1"):
        runner.run([clip(2), clip(1, duration=9)])
    assert len(runner.emulator.jobs) == 1
    assert runner.states() == {"clip1": State.FINISHED}


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"concurrency": 0}, ValueError, "concurrency is 0"),
        ({"concurrency": 2.5}, TypeError, "whole number"),
        ({"patience": -1}, ValueError, "patience is -1"),
        ({"timeout": -1}, ValueError, "timeout is -1"),
        ({"webhook_url": "example.com"}, ValueError, "webhook_url"),
        ({"webhook_url": "https:///in"}, ValueError, "webhook_url can't be used: it must have a host"),
        ({"webhook_url": "https://h.example/#in"}, ValueError, "neither a query nor a fragment"),
        ({"budget": -5}, ValueError, "budget"),
        ({"download": ""}, ValueError, "download is empty; name a folder"),
        ({"intervals": 5}, TypeError, "intervals"),
    ],
)
def test_rejects_invalid_arguments(runner: Runner, options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        runner.run([], **options)


def test_jobs_that_fail_do_not_stop_the_others(runner: Runner, tmp_path: Path) -> None:
    runner.emulator.next_job("failed")
    runner.emulator.next_job("cancelled")
    summary = runner.run(clips(4), concurrency=1, download=tmp_path)

    assert not summary.is_complete
    assert runner.states() == {
        "clip1": State.FAILED,
        "clip2": State.CANCELLED,
        "clip3": State.FINISHED,
        "clip4": State.FINISHED,
    }
    failed = runner.of(events.Failed)
    assert [(event.key, event.state, event.estimate) for event in failed] == [
        ("clip1", "failed", 50),
        ("clip2", "cancelled", 50),
    ]
    assert f"media {failed[0].job_id} failed" in failed[0].reason
    assert summary.downloaded == 2
    assert runner.run().count(State.FINISHED) == 2
    assert len(runner.emulator.jobs) == 4


def test_the_events_are_of_the_callers_thread(runner: Runner) -> None:
    threads: set[int] = set()
    runner.run(clips(3), on_event=lambda event: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


def test_on_event_may_be_a_coroutine_function(async_runner: Runner) -> None:
    seen: Counter[str] = Counter()

    async def note(event: Event) -> None:
        seen[type(event).__name__] += 1

    async_runner.run(clips(2), on_event=note)
    assert seen == {"Started": 1, "Reserved": 2, "Submitted": 2, "Progressed": 2, "Finished": 2}


def test_each_job_has_a_webhook_of_its_own(runner: Runner, emulator: Emulator) -> None:
    runner.run(clips(2), webhook_url="https://hooks.example/vimmerse/")

    addresses = {request.json["webhook_url"] for request in emulator.requests if request.method == "POST"}  # type: ignore[index]
    assert len(addresses) == 2
    for address in addresses:
        base, _, secret = address.rpartition("/")
        assert base == "https://hooks.example/vimmerse"
        with Ledger(runner.location) as ledger:
            assert ledger.resolve_token(secret, "m") is not None


def test_a_row_keeps_the_webhook_of_its_own(runner: Runner, emulator: Emulator) -> None:
    rows = [clip(1, webhook_url="https://mine.example/done"), clip(2)]
    runner.run(rows, concurrency=1, webhook_url="https://hooks.example/vimmerse")

    addresses = [request.json["webhook_url"] for request in emulator.requests if request.method == "POST"]  # type: ignore[index]
    assert addresses[0] == "https://mine.example/done"
    assert addresses[1].startswith("https://hooks.example/vimmerse/")


def test_real_clocks_and_pauses(runner: Runner) -> None:
    runner.emulator.next_job(transition=AfterPolls(2), times=3)
    summary = runner.run(clips(3), clock=None, sleep=None, random=None, interval=0.001, concurrency=2)
    assert summary.is_complete
