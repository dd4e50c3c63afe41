"""The spans of waits and downloads."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind
from vimmerse.jobs import (
    DownloadError,
    JobFailedError,
    JobTimeoutError,
    parse_webhook,
    wait,
    wait_all,
    wait_all_async,
    wait_async,
)
from vimmerse.v2.models import Story

from tests.jobs.callers import Caller, Service, done, media, response, story
from tests.jobs.hosts import CONTENT, URL, Host
from tests.tracing.recorder import Recorder, attributes, failure

STORY = "GET /v2/story/{story_id}"
MEDIA = "GET /v2/media/{media_id}"


@pytest.fixture(params=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Caller:
    return Caller(asynchronous=request.param == "async")


def by_id(request: httpx.Request) -> httpx.Response:
    """Finished stories, but f1 has failed."""
    id = request.url.path.rpartition("/")[2]
    return response({"id": id, "status": "failed" if id == "f1" else "success", "video_url": "https://a.example"})


# ---- one wait


def test_the_lookups_are_below_the_wait(caller: Caller, recorder: Recorder) -> None:
    with recorder.tracer.start_as_current_span("application"):
        caller.wait(Service([story("new"), response({}, 503), done()]), "s1", kind="story")

    assert recorder.tree == ["application", "  vimmerse.wait story", *[f"    {STORY}"] * 3]
    span = recorder.one("vimmerse.wait story")
    assert span.kind is SpanKind.INTERNAL
    assert attributes(span) == {
        "vimmerse.job.id": "s1",
        "vimmerse.job.kind": "story",
        "vimmerse.job.status": "success",
        "vimmerse.wait.polls": 3,
    }
    assert failure(span) is None
    assert [failure(span) for span in recorder.spans if span.name == STORY] == [None, "503", None]


def test_a_failed_job_marks_the_wait(caller: Caller, recorder: Recorder) -> None:
    reason = response({"id": "m1", "processing_status": "failed", "error_message": "The prompt was: secret"})
    with pytest.raises(JobFailedError):
        caller.wait(Service([reason]), "m1", kind="media")

    span = recorder.one("vimmerse.wait media")
    assert failure(span) == "vimmerse.jobs.errors.JobFailedError"
    assert attributes(span)["vimmerse.job.status"] == "failed"
    assert "secret" not in recorder.text


def test_a_deadline(caller: Caller, recorder: Recorder) -> None:
    with pytest.raises(JobTimeoutError):
        caller.wait(Service([story("new")]), "s1", kind="story", timeout=0)
    assert failure(recorder.one("vimmerse.wait story")) == "vimmerse.jobs.errors.JobTimeoutError"


def test_a_job_whose_kind_is_found_out(caller: Caller, recorder: Recorder) -> None:
    event = parse_webhook({"batch_id": "m1", "status": "success"})
    caller.wait(Service([response({}, 404), media("success")]), event)

    assert recorder.tree == ["vimmerse.wait unknown", f"  {STORY}", f"  {MEDIA}"]
    assert attributes(recorder.spans[0])["vimmerse.job.kind"] == "media"


def test_a_callback_runs_in_the_span_of_the_wait(caller: Caller, recorder: Recorder) -> None:
    caller.wait(
        Service([done()]), "s1", kind="story", on_progress=lambda progress: recorder.tracer.start_span("callback").end()
    )
    assert recorder.tree == ["vimmerse.wait story", f"  {STORY}", "  callback"]


def test_ctrl_c(recorder: Recorder) -> None:
    def interrupt(progress: object) -> None:
        raise KeyboardInterrupt

    client = Service([story("new")]).client()
    with pytest.raises(KeyboardInterrupt):
        wait(client, "s1", kind="story", on_progress=interrupt)
    assert failure(recorder.one("vimmerse.wait story")) == "KeyboardInterrupt"


def test_a_cancelled_wait(recorder: Recorder) -> None:
    async def play() -> None:
        client = Service([story("new")]).client()
        task = asyncio.current_task()
        assert task is not None
        with pytest.raises(asyncio.CancelledError):
            await wait_async(client, "s1", kind="story", on_progress=lambda progress: task.cancel())
        task.uncancel()
        assert trace.get_current_span() is trace.INVALID_SPAN
        await client.aclose()

    asyncio.run(play())
    assert failure(recorder.one("vimmerse.wait story")) == "asyncio.exceptions.CancelledError"


# ---- many waits


def test_each_job_has_a_wait_of_its_own(caller: Caller, recorder: Recorder) -> None:
    with recorder.tracer.start_as_current_span("application"):
        outcomes = caller.wait_all(Service([by_id]), ["s1", "f1", "s2"], kind="story")
    assert len(outcomes) == 3

    waits = {attributes(span)["vimmerse.job.id"]: span for span in recorder.spans if "wait" in span.name}
    assert {id: failure(span) for id, span in waits.items()} == {
        "s1": None,
        "s2": None,
        "f1": "vimmerse.jobs.errors.JobFailedError",
    }
    assert Counter(recorder.tree) == {"application": 1, "  vimmerse.wait story": 3, f"    {STORY}": 3}
    for lookup in (span for span in recorder.spans if span.name == STORY):
        assert lookup.parent is not None
        assert lookup.parent.span_id == waits[attributes(lookup)["vimmerse.job.id"]].context.span_id


def test_the_caller_of_a_generator_keeps_its_own_context(recorder: Recorder) -> None:
    with Service([by_id]).client() as client, recorder.tracer.start_as_current_span("application") as current:
        for _ in wait_all(client, ["s1", "s2", "s3"], kind="story"):
            assert trace.get_current_span() is current


def test_the_caller_of_an_async_generator_keeps_its_own_context(recorder: Recorder) -> None:
    async def play() -> None:
        with recorder.tracer.start_as_current_span("application") as current:
            client = Service([by_id]).client()
            async for _ in wait_all_async(client, ["s1", "s2", "s3"], kind="story"):
                assert trace.get_current_span() is current
            await client.aclose()

    asyncio.run(play())


def test_the_spans_of_jobs_that_are_left_end_with_the_generator(caller: Caller, recorder: Recorder) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return by_id(request) if request.url.path.endswith("s1") else story("new")

    caller.wait_all(Service([respond]), ["s1", "s2", "s3"], kind="story", stop_after=1, concurrency=1)
    waits = [span for span in recorder.spans if "wait" in span.name]  # all that were started have ended
    assert {failure(span) for span in waits} == {None}


def test_an_error_of_the_caller_ends_the_spans(caller: Caller, recorder: Recorder) -> None:
    def fail(progress: object) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        caller.wait_all(Service([story("new")]), ["s1", "s2"], kind="story", on_progress=fail)
    waits = [span for span in recorder.spans if "wait" in span.name]
    assert {failure(span) for span in waits} == {"LookupError"}


def test_a_generator_that_was_never_started_has_no_spans(recorder: Recorder) -> None:
    with Service([by_id]).client() as client:
        wait_all(client, ["s1"], kind="story")
    assert recorder.tree == []


# ---- sampling


def test_what_is_below_a_wait_that_is_not_sampled(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lookup begins a trace of its own, in a thread or a task neither."""
    provider = TracerProvider(sampler=ParentBased(TraceIdRatioBased(0)), shutdown_on_exit=False)
    recorder = Recorder(provider)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    sampled: list[trace.SpanContext] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sampled.append(trace.get_current_span().get_span_context())
        return by_id(request)

    caller.wait(Service([respond]), "s1", kind="story")
    caller.wait_all(Service([respond]), ["s1", "s2"], kind="story")
    assert len({context.trace_id for context in sampled}) == 3
    assert {context.trace_flags.sampled for context in sampled} == {False}
    assert recorder.tree == []


# ---- downloads


def test_a_download(caller: Caller, recorder: Recorder, tmp_path: Path) -> None:
    finished = Story(id="s1", status="success", video_url=URL)
    caller.download(Host(cuts=[4000]), finished, tmp_path / "video.mp4")

    span = recorder.one("vimmerse.download")
    assert attributes(span) == {
        "vimmerse.job.id": "s1",
        "url.full": "https://files.example/videos/video.mp4",
        "server.address": "files.example",
        "server.port": 443,
        "vimmerse.download.bytes": len(CONTENT),
        "vimmerse.download.attempts": 2,
    }
    assert "s3cret" not in recorder.text


def test_a_download_that_fails(caller: Caller, recorder: Recorder, tmp_path: Path) -> None:
    with pytest.raises(DownloadError):
        caller.download(Service([response(b"", 403)]), URL, tmp_path / "video.mp4")
    span = recorder.one("vimmerse.download")
    assert failure(span) == "vimmerse.jobs.errors.DownloadError"
    assert attributes(span)["vimmerse.download.bytes"] == 0
    assert "s3cret" not in recorder.text
