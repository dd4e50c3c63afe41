"""Waiting for one job, with a fake clock."""

from __future__ import annotations

import asyncio
import pickle
import ssl
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, assert_type

import httpx
import pytest
from vimmerse.jobs import (
    Interval,
    JobCancelledError,
    JobError,
    JobFailedError,
    JobLookupError,
    JobTimeoutError,
    Progress,
    WebhookEvent,
    parse_webhook,
    wait,
    wait_async,
)
from vimmerse.jobs.polling import WaitOptions
from vimmerse.v2 import errors
from vimmerse.v2.models import Media, Story

from tests.jobs.callers import KEY, VIDEO_URL, Caller, Scripted, Service, done, media, response, story

CONSTANT = Interval(first=10, longest=10, factor=1, jitter=0)
HTML = response(b"<html><h1>502 Bad Gateway</h1>", 502, {"content-type": "text/html"})


def wait_for_story(caller: Caller, *responses: Scripted, **options: Any) -> Story:
    service = Service(responses)
    job = caller.wait(service, "s1", kind="story", **{"interval": CONSTANT, **options})
    assert isinstance(job, Story)
    return job


# ---- how it ends


def test_a_finished_story(caller: Caller) -> None:
    seen: list[Progress] = []
    job = wait_for_story(
        caller,
        story("new", progress_percentage=0),
        story("processing", progress_percentage=40),
        done(),
        on_progress=seen.append,
    )

    assert job.video_url == VIDEO_URL
    assert caller.clock.slept == [10, 10]
    assert [(p.status, p.percent, p.elapsed, p.polls, p.finished) for p in seen] == [
        ("new", 0, 0, 1, False),
        ("processing", 40, 10, 2, False),
        ("success", 100, 20, 3, True),
    ]
    assert {(p.id, p.kind, p.known, p.error) for p in seen} == {("s1", "story", True, None)}


def test_a_finished_media(caller: Caller) -> None:
    seen: list[Progress] = []
    service = Service([media("queued"), media("success", result=["https://files.example/1.mp4"])])
    job = caller.wait(service, "m1", kind="media", on_progress=seen.append)

    assert isinstance(job, Media)
    assert job.result == ["https://files.example/1.mp4"]
    assert [p.percent for p in seen] == [None, 100]
    assert [request.url.path for request in service.requests] == ["/v2/media/m1"] * 2
    assert {request.headers["x-api-key"] for request in service.requests} == {KEY}


def test_a_story_is_finished_when_its_video_is_composed(caller: Caller) -> None:
    composing = story("success", progress_percentage=100)
    job = wait_for_story(caller, composing, story("success", video_url=""), story("success", video_url=None), done())

    assert job.video_url == VIDEO_URL
    assert len(caller.clock.slept) == 3


@pytest.mark.parametrize("status", ["fail", "failed", "error", "FAILED", " failed "])
def test_a_failed_job(caller: Caller, status: str) -> None:
    with pytest.raises(JobFailedError) as caught:
        wait_for_story(caller, story(status, error_message="No such style."))

    error = caught.value
    assert (error.job_id, error.kind, error.status) == ("s1", "story", status.strip())
    assert isinstance(error.snapshot, Story)
    assert str(error) == (
        f"The story s1 failed (status {status.strip()!r}): No such style. "
        "Creating it again is a new job, which costs credits again."
    )
    assert pickle.loads(pickle.dumps(error)).snapshot == error.snapshot


def test_a_failure_without_a_reason(caller: Caller) -> None:
    with pytest.raises(JobFailedError, match=r"media m1 failed \(status 'failed'\); the server gives no reason"):
        caller.wait(Service([media("failed", message="  ", error=None)]), "m1", kind="media")


@pytest.mark.parametrize("status", ["cancel", "cancelled", "canceled"])
def test_a_cancelled_job(caller: Caller, status: str) -> None:
    with pytest.raises(JobCancelledError, match="The media m1 was cancelled") as caught:
        caller.wait(Service([media(status)]), "m1", kind="media")

    assert caught.value.status == status
    assert isinstance(caught.value.snapshot, Media)


def test_an_unknown_status_is_shown_and_waited_on(caller: Caller) -> None:
    seen: list[Progress] = []
    wait_for_story(caller, story("dreaming"), story(None), response({}), done(), on_progress=seen.append)

    assert [(p.status, p.known) for p in seen] == [("dreaming", False), ("", False), ("", False), ("success", True)]


@pytest.mark.parametrize("percent", [None, "40", -1, 101, True, [4]])
def test_an_impossible_percentage_is_ignored(caller: Caller, percent: object) -> None:
    seen: list[Progress] = []
    wait_for_story(caller, story(progress_percentage=percent), done(), on_progress=seen.append)

    assert seen[0].percent is None


# ---- deadlines


@pytest.mark.parametrize(("kind", "seconds"), [("story", 3600), ("media", 1800)])
def test_the_default_deadline(caller: Caller, kind: str, seconds: int) -> None:
    service = Service([response({"id": "x1", "status": "processing", "processing_status": "processing"})])
    with pytest.raises(JobTimeoutError) as caught:
        caller.wait(service, "x1", kind=kind)

    assert caller.clock.now - 1000 == seconds
    assert str(caught.value) == (
        f"The {kind} x1 is not finished after {seconds} s (last status 'processing'). It is still running on the "
        f"server. To go on waiting, at no cost: wait(client, 'x1', kind='{kind}'), perhaps with a longer timeout=."
    )
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.status == "processing"
    assert caught.value.snapshot is not None


def test_polls_once_more_at_the_deadline(caller: Caller) -> None:
    job = wait_for_story(caller, story(), story(), done(), timeout=13)

    assert job.video_url == VIDEO_URL
    assert caller.clock.slept == [10, 3]


def test_a_timeout_of_0_polls_once(caller: Caller) -> None:
    assert wait_for_story(caller, done(), timeout=0).video_url == VIDEO_URL
    with pytest.raises(JobTimeoutError, match=r"last status 'processing', 40 %\)"):
        wait_for_story(caller, story(progress_percentage=40), timeout=0)
    assert caller.clock.slept == []


def test_no_deadline_if_requested(caller: Caller) -> None:
    responses = [story()] * 1000
    assert wait_for_story(caller, *responses, done(), timeout=None).video_url == VIDEO_URL
    assert caller.clock.now == 11000


def test_the_deadline_of_a_video_that_is_never_composed(caller: Caller) -> None:
    with pytest.raises(JobTimeoutError, match="its video is not composed yet") as caught:
        wait_for_story(caller, story("success"), timeout=30)

    assert caught.value.status == "success"


def test_the_deadline_when_no_lookup_succeeded(caller: Caller) -> None:
    with pytest.raises(JobTimeoutError, match="no lookup succeeded") as caught:
        wait_for_story(caller, httpx.ConnectError("refused"), timeout=30)

    assert (caught.value.status, caught.value.snapshot) == ("", None)
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


def test_the_deadline_keeps_the_last_snapshot_over_failed_lookups(caller: Caller) -> None:
    with pytest.raises(JobTimeoutError) as caught:
        wait_for_story(caller, story("processing"), HTML, timeout=30)

    assert caught.value.status == "processing"
    assert caught.value.snapshot is not None
    assert isinstance(caught.value.__cause__, errors.ServerError)


@pytest.mark.parametrize("timeout", [-1, float("nan"), float("inf")])
def test_rejects_an_invalid_timeout(caller: Caller, timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout is"):
        wait_for_story(caller, done(), timeout=timeout)


def test_rejects_an_unknown_argument(caller: Caller) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'intervall'"):
        wait_for_story(caller, done(), intervall=3)


def test_every_argument_is_documented() -> None:
    names = {"job", "kind", *WaitOptions.__annotations__}
    assert [name for name in names if f"``{name}``" not in str(wait.__doc__)] == []


# ---- failed lookups

PASSING: dict[str, Scripted] = {
    "refused connection": httpx.ConnectError("refused"),
    "reset": httpx.ReadError("reset"),
    "cut": httpx.RemoteProtocolError("peer closed connection"),
    "slow server": httpx.ReadTimeout("timed out"),
    "bad gzip": httpx.DecodingError("bad"),
    "408": response({"message": "slow"}, 408),
    "425": response({"message": "early"}, 425),
    "429": response({"message": "too many"}, 429),
    "500": response({"message": "oops"}, 500),
    "502 with a page of HTML": HTML,
    "520": response(b"", 520),
    "200 with a page of HTML": response(b"<html>maintenance", 200, {"content-type": "text/html"}),
    "null": response(None),
    "list": response([]),
    "empty body": response(b""),
    "truncated": response(b'{"id": "s1", "sta'),
}


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
def test_survives_a_failed_lookup(caller: Caller, failure: Scripted) -> None:
    seen: list[Progress] = []
    job = wait_for_story(caller, story("processing"), failure, done(), on_progress=seen.append)

    assert job.video_url == VIDEO_URL
    assert [p.status for p in seen] == ["processing", "processing", "success"]
    assert [p.polls for p in seen] == [1, 2, 3]
    assert seen[0].error is None
    assert isinstance(seen[1].error, errors.ApiError | httpx.TransportError | httpx.DecodingError)


def distrusted(request: httpx.Request) -> httpx.Response:
    try:
        raise ssl.SSLCertVerificationError(1, "self-signed certificate")
    except ssl.SSLError as error:
        raise httpx.ConnectError("certificate verify failed") from error


LASTING: dict[str, tuple[Scripted, int | None, str]] = {
    "400": (response({"message": "bad id"}, 400), 400, "bad id"),
    "401": (response({"message": "no key"}, 401), 401, "The API key was rejected"),
    "402": (response({"message": "no credit"}, 402), 402, "A retry would not help"),
    "403": (response({"message": "not yours"}, 403), 403, "The API key was rejected"),
    "422": (response({"detail": [{"loc": ["path"], "msg": "no id"}]}, 422), 422, "A retry would not help"),
    "302": (response(b"", 302, {"location": "https://login.example/"}), 302, "A retry would not help"),
    "certificate": (distrusted, None, "ConnectError: certificate verify failed"),
    "protocol": (httpx.UnsupportedProtocol("no http"), None, "UnsupportedProtocol: no http"),
    "bug": (RuntimeError("the client is closed."), None, "RuntimeError: the client is closed. A retry"),
}


@pytest.mark.parametrize(("failure", "status", "text"), LASTING.values(), ids=LASTING)
def test_ends_where_a_retry_does_not_help(caller: Caller, failure: Scripted, status: int | None, text: str) -> None:
    with pytest.raises(JobLookupError) as caught:
        wait_for_story(caller, failure)

    error = caught.value
    assert str(error).startswith("The story s1 can't be looked up: ")
    assert text in str(error)
    assert "wait(client, 's1', kind='story')" in str(error)
    assert error.http_status == status
    assert error.__cause__ is not None
    assert caller.clock.slept == []
    assert KEY not in str(error)


def test_a_new_job_may_be_unknown_for_a_moment(caller: Caller) -> None:
    job = wait_for_story(caller, response({"message": "none"}, 404), done())

    assert job.video_url == VIDEO_URL


def test_an_unknown_job(caller: Caller) -> None:
    with pytest.raises(JobLookupError, match=r"or is a media: then pass kind='media'") as caught:
        wait_for_story(caller, response({"message": "none"}, 404))

    # The lookup at 20 s is the first that is not within the grace of 15.
    assert caller.clock.slept == [10, 10]
    assert caught.value.http_status == 404


def test_grace_may_be_0(caller: Caller) -> None:
    caller.clock.now += 0.5
    with pytest.raises(JobLookupError):
        wait_for_story(caller, response({}, 404), grace=0, interval=0.5)
    assert caller.clock.slept == [0.5]
    with pytest.raises(ValueError, match="grace is -1"):
        wait_for_story(caller, done(), grace=-1)


def test_a_job_that_has_been_deleted(caller: Caller) -> None:
    with pytest.raises(JobLookupError) as caught:
        wait_for_story(caller, story("processing"), response({}, 404))

    assert caller.clock.slept == [10]
    assert caught.value.status == "processing"
    assert caught.value.snapshot is not None


# ---- intervals


def test_the_interval_grows(caller: Caller) -> None:
    wait_for_story(caller, *[story()] * 4, done(), interval=Interval(2, 10, 2, 0.5))
    assert caller.clock.slept == [2, 4, 8, 10]


def test_jitter_shortens_it(caller: Caller) -> None:
    caller.random = 1.0
    wait_for_story(caller, *[story()] * 4, done(), interval=Interval(2, 10, 2, 0.5))
    assert caller.clock.slept == [1, 2, 4, 5]


def test_a_number_is_constant(caller: Caller) -> None:
    wait_for_story(caller, *[story()] * 3, done(), interval=7)
    assert caller.clock.slept == [7, 7, 7]


@pytest.mark.parametrize("status", [429, 503])
def test_obeys_retry_after(caller: Caller, status: int) -> None:
    limited = response({"message": "too many"}, status, {"Retry-After": "45"})
    wait_for_story(caller, limited, story(), done())

    assert caller.clock.slept == [45, 10]


def test_obeys_retry_after_as_a_date(caller: Caller) -> None:
    headers = {"Retry-After": formatdate(1_700_000_060, usegmt=True), "Date": formatdate(1_700_000_000, usegmt=True)}
    wait_for_story(caller, response({}, 429, headers), done())

    assert caller.clock.slept == [60]


def test_retry_after_does_not_shorten_the_interval(caller: Caller) -> None:
    wait_for_story(caller, response({}, 429, {"Retry-After": "1"}), done())
    assert caller.clock.slept == [10]


def test_a_retry_after_beyond_the_deadline_ends_the_wait_at_once(caller: Caller) -> None:
    limited = response({"message": "too many"}, 429, {"Retry-After": "120"})
    with pytest.raises(JobTimeoutError, match=r"asks for a pause of 120 s, which is beyond the deadline") as caught:
        wait_for_story(caller, story(), limited, timeout=60)

    assert caller.clock.slept == [10]
    assert isinstance(caught.value.__cause__, errors.RateLimitError)


# ---- what is waited for


def test_accepts_the_object_itself(caller: Caller) -> None:
    assert caller.wait(Service([done()]), Story.from_dict({"id": "s1"})).video_url == VIDEO_URL
    assert isinstance(caller.wait(Service([media("success")]), Media.from_dict({"id": "m1"})), Media)


def test_a_media_needs_no_id_in_the_response(caller: Caller) -> None:
    result = caller.wait(
        Service([response({}), response({"id": None}), response({"processing_status": "success"})]), "m1", kind="media"
    )
    assert result == Media(id="m1", processing_status="success")


def test_accepts_a_webhook_event(caller: Caller) -> None:
    service = Service([done()])
    assert caller.wait(service, parse_webhook({"batch_id": "s9", "status": "success"})).video_url == VIDEO_URL
    assert caller.wait(service, parse_webhook({"id": "s9", "status": "success"}), kind="story").video_url == VIDEO_URL
    assert [request.url.path for request in service.requests] == ["/v2/story/s9"] * 2


# A webhook that does not say what its job is


UNKNOWN = [{"batch_id": "x1"}, {"id": "x1"}]
NOT_THERE = response({"message": "No.", "code": "NOT_FOUND"}, 404)


@pytest.mark.parametrize("body", UNKNOWN, ids=["batch_id", "id"])
def test_a_job_of_unknown_kind_that_is_a_story(caller: Caller, body: dict[str, str]) -> None:
    service = Service([story("processing"), done()])
    job = caller.wait(service, parse_webhook(body))

    assert isinstance(job, Story)
    assert [request.url.path for request in service.requests] == ["/v2/story/x1"] * 2


@pytest.mark.parametrize("body", UNKNOWN, ids=["batch_id", "id"])
def test_a_job_of_unknown_kind_that_is_a_media(caller: Caller, body: dict[str, str]) -> None:
    service = Service([NOT_THERE, media("processing"), media("success")])
    seen: list[Progress] = []
    job = caller.wait(service, parse_webhook(body), on_progress=seen.append, grace=0)

    assert isinstance(job, Media)
    assert [request.url.path for request in service.requests] == ["/v2/story/x1", "/v2/media/x1", "/v2/media/x1"]
    assert [progress.kind for progress in seen] == ["media", "media"]


def test_the_deadline_of_a_job_of_unknown_kind_is_that_of_what_it_is(caller: Caller) -> None:
    with pytest.raises(JobTimeoutError, match=r"The media x1 is not finished after 1800 s"):
        caller.wait(Service([NOT_THERE, media("processing")]), parse_webhook({"batch_id": "x1"}))


def test_with_a_kind_only_that_kind_is_looked_up(caller: Caller) -> None:
    service = Service([media("success")])
    caller.wait(service, parse_webhook({"batch_id": "x1"}), kind="media")
    assert [request.url.path for request in service.requests] == ["/v2/media/x1"]


def test_a_job_of_unknown_kind_that_is_not_there(caller: Caller) -> None:
    service = Service([NOT_THERE])
    seen: list[Progress] = []
    with pytest.raises(JobLookupError, match=r"The job x1 can't be looked up: .* No story or media has") as caught:
        caller.wait(service, parse_webhook({"batch_id": "x1"}), grace=0, on_progress=seen.append, interval=1)

    assert (caught.value.kind, caught.value.http_status) == ("unknown", 404)
    assert {request.url.path for request in service.requests} == {"/v2/story/x1", "/v2/media/x1"}
    assert [progress.kind for progress in seen] == ["unknown"] * len(seen)


@pytest.mark.parametrize("status", [400, 401, 403, 410, 422])
def test_only_a_404_means_that_it_is_not_a_story(caller: Caller, status: int) -> None:
    service = Service([response({"message": "No.", "code": "NO"}, status), media("success")])
    with pytest.raises(JobLookupError) as caught:
        caller.wait(service, parse_webhook({"batch_id": "x1"}))

    assert caught.value.http_status == status
    assert [request.url.path for request in service.requests] == ["/v2/story/x1"]


@pytest.mark.parametrize("failure", [response(b"", 500), response(b"", 429), httpx.ReadTimeout("slow")])
def test_a_failed_lookup_does_not_decide_the_kind(caller: Caller, failure: Scripted) -> None:
    service = Service([failure, done()])
    assert isinstance(caller.wait(service, parse_webhook({"batch_id": "x1"})), Story)

    service = Service([NOT_THERE, failure, done()])
    assert isinstance(caller.wait(service, parse_webhook({"batch_id": "x1"})), Story)


def test_ctrl_c_before_the_kind_is_known(caller: Caller) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        caller.wait(Service([interrupting]), parse_webhook({"batch_id": "x1"}))
    assert caught.value.__notes__ == [
        "The job x1 is still running on the server. To go on waiting, at no cost: "
        "wait(client, 'x1', kind='story'), or kind='media'"
    ]


def test_an_id_can_not_contain_a_path(caller: Caller) -> None:
    service = Service([done()])
    caller.wait(service, "a/../b?c", kind="story")
    assert service.requests[0].url.raw_path == b"/v2/story/a%2F..%2Fb%3Fc"


@pytest.mark.parametrize(
    ("job", "kind", "error", "text"),
    [
        ("s1", None, TypeError, "'s1' is an id: pass kind='story' or kind='media' too"),
        ("s1", "film", ValueError, "kind is 'film'; it must be 'story' or 'media'"),
        ("", "story", ValueError, "this story has no usable id: it is ''"),
        ("..", "story", ValueError, r"it is '\.\.'"),
        ("a\nb", "story", ValueError, "control characters"),
        ("a" * 257, "story", ValueError, "too long"),
        (Story(id=""), None, ValueError, "this story has no usable id: it is ''"),
        (Story.from_dict({"id": 5}), None, ValueError, "it must be text, not int"),
        (Story.from_dict({"id": "s1"}), "media", ValueError, "kind is 'media', but 's1' is a story"),
        (WebhookEvent("unknown", "", None, "", {}), None, ValueError, "this job has no usable id"),
        (7, "story", TypeError, "not int$"),
        (None, "story", TypeError, "not NoneType$"),
    ],
)
def test_rejects_an_invalid_job(caller: Caller, job: object, kind: Any, error: type[Exception], text: str) -> None:
    service = Service([done()])
    with pytest.raises(error, match=text):
        caller.wait(service, job, kind=kind)
    assert service.requests == []


def test_a_forgotten_await(caller: Caller) -> None:
    async def create() -> Story:
        return Story(id="s1")

    pending = create()
    with pytest.raises(TypeError, match="await the call that creates it first"):
        caller.wait(Service([done()]), pending)
    pending.close()


# ---- interruptions


def interrupting(request: httpx.Request) -> httpx.Response:
    raise KeyboardInterrupt


def stop(_: object = None) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stage", ["lookup", "callback", "sleep"])
def test_ctrl_c_leaves_the_id_behind(caller: Caller, stage: str) -> None:
    if stage == "sleep":
        caller.clock.on_sleep = stop
    with pytest.raises(KeyboardInterrupt) as caught:
        wait_for_story(
            caller,
            interrupting if stage == "lookup" else story(),
            on_progress=stop if stage == "callback" else None,
        )

    assert caught.value.__notes__ == [
        "The story s1 is still running on the server. To go on waiting, at no cost: wait(client, 's1', kind='story')"
    ]


def test_an_error_of_the_callback_ends_the_wait(caller: Caller) -> None:
    def fail(progress: Progress) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine") as caught:
        wait_for_story(caller, story(), on_progress=fail)
    assert "s1" in caught.value.__notes__[0]


def test_a_job_error_needs_no_note(caller: Caller) -> None:
    with pytest.raises(JobError) as caught:
        wait_for_story(caller, story("failed"))
    assert not hasattr(caught.value, "__notes__")


def test_a_cancelled_task_leaves_the_id_behind() -> None:
    async def main() -> asyncio.CancelledError:
        async with Service([story()]).client() as client:
            asleep = asyncio.Event()

            async def sleep(seconds: float) -> None:
                asleep.set()
                await asyncio.Event().wait()

            task = asyncio.create_task(wait_async(client, "s1", kind="story", sleep=sleep))
            await asleep.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return caught.value

    assert "wait(client, 's1', kind='story')" in asyncio.run(main()).__notes__[0]


def test_a_callback_may_be_a_coroutine_function() -> None:
    seen: list[int] = []

    async def note(progress: Progress) -> None:
        await asyncio.sleep(0)
        seen.append(progress.polls)

    Caller(asynchronous=True).wait(Service([media(), media("success")]), "m1", kind="media", on_progress=note)
    assert seen == [1, 2]


# ---- the real clock


def test_with_the_real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    with Service([media(), media("success")]).client() as client:
        assert wait(client, "m1", kind="media", interval=0.001).processing_status == "success"
    assert len(slept) == 1


def test_with_the_real_clock_on_asyncio() -> None:
    async def main() -> Media:
        async with Service([media(), media("success")]).client() as client:
            return await wait_async(client, "m1", kind="media", interval=0.001)

    assert asyncio.run(main()).processing_status == "success"


if TYPE_CHECKING:
    from vimmerse.jobs import WebhookEvent
    from vimmerse.v2 import AuthenticatedClient

    async def the_types(client: AuthenticatedClient, event: WebhookEvent) -> None:
        assert_type(wait(client, Story(id="s1"), timeout=None), Story)
        assert_type(wait(client, Media(id="m1")), Media)
        assert_type(wait(client, "s1", kind="story", interval=2), Story)
        assert_type(wait(client, event, kind="media"), Media)
        assert_type(wait(client, event), Story | Media)
        assert_type(await wait_async(client, Story(id="s1"), timeout=5), Story)
        assert_type(await wait_async(client, "m1", kind="media"), Media)
        assert_type(await wait_async(client, event), Story | Media)


def test_a_servers_reason_has_no_escape_codes_and_no_lines(caller: Caller) -> None:
    service = Service([story("failed", error_message="\x1b[31mNo\r\nCREDIT 100\u2028left\x00")])
    with pytest.raises(JobFailedError, match=r"failed \(status 'failed'\): \[31mNo CREDIT 100 left\. Creating"):
        caller.wait(service, "s1", kind="story")
