"""The span of each call of the typed clients."""

from __future__ import annotations

import asyncio
import contextvars
from importlib import metadata
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from vimmerse import v1
from vimmerse.emulator import Emulator
from vimmerse.v1.api.media import create_media as create_media_v1
from vimmerse.v1.models import CreateMediaForm
from vimmerse.v2 import AuthenticatedClient, Vimmerse
from vimmerse.v2.api.media import create_media, get_media
from vimmerse.v2.api.story import get_story, idea_to_video
from vimmerse.v2.errors import ApiError, InvalidAnswerError
from vimmerse.v2.models import CreateMediaRequest, IdeaToVideoRequest

from tests.jobs.callers import KEY, Scripted, Service, done, response
from tests.tracing.recorder import Recorder, attributes, failure

LOOKUP = "GET /v2/story/{story_id}"
CREATE = "POST /v2/story/idea-2-video"
IDEA = IdeaToVideoRequest(idea="A secret idea", scene_count=3, video_tool="KlingAI")


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Any:
    """Calls an operation with its sync or async function."""

    def sync(operation: Any, client: AuthenticatedClient, *args: Any, **options: Any) -> Any:
        with client:
            return operation.sync(*args, client=client, **options)

    async def asynchronous(operation: Any, client: AuthenticatedClient, *args: Any, **options: Any) -> Any:
        async with client:
            return await operation.asyncio(*args, client=client, **options)

    return sync if request.param == "sync" else lambda *args, **options: asyncio.run(asynchronous(*args, **options))


def service(*responses: Scripted, **options: Any) -> AuthenticatedClient:
    transport = Service(responses)
    return AuthenticatedClient(
        base_url="https://api.example/base", token=KEY, transport=transport, async_transport=transport, **options
    )


def test_a_lookup(call: Any, recorder: Recorder) -> None:
    with recorder.tracer.start_as_current_span("application"):
        call(get_story, service(response({"id": "s1", "status": "new"}, headers={"X-Request-Id": "r-1"})), "s/1")

    assert recorder.tree == ["application", f"  {LOOKUP}"]
    span = recorder.one(LOOKUP)
    assert span.kind is SpanKind.CLIENT
    assert attributes(span) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.template": "/v2/story/{story_id}",
        "url.full": "https://api.example/base/v2/story/s%2F1",
        "server.address": "api.example",
        "server.port": 443,
        "vimmerse.job.id": "s/1",
        "vimmerse.job.kind": "story",
        "vimmerse.request_id": "r-1",
    }
    assert failure(span) is None
    assert span.instrumentation_scope is not None
    scope = span.instrumentation_scope
    assert (scope.name, scope.version) == ("vimmerse", metadata.version("vimmerse"))


def test_a_paid_call_has_the_estimate_and_the_id_of_the_job(call: Any, recorder: Recorder) -> None:
    call(idea_to_video, service(response({"id": "s9", "status": "new"})), body=IDEA)

    span = recorder.one(CREATE)
    assert attributes(span)["vimmerse.credits.estimated"] == 150
    assert attributes(span)["vimmerse.job.id"] == "s9"
    assert "secret" not in recorder.text


def test_a_resource(recorder: Recorder, emulator: Emulator) -> None:
    with Vimmerse(api_key=KEY, base_url=emulator.base_url) as client:
        client.images.upload(b"\x89PNG\r\n\x1a\n")
        created = client.stories.with_raw_response.create(idea="A secret idea", scene_count=3, video_tool="PVideo")

    assert recorder.tree == ["POST /v2/image", CREATE]
    upload, create = map(attributes, recorder.spans)
    assert (create["vimmerse.credits.estimated"], create["vimmerse.job.id"]) == (75, created.parsed.id)
    assert "vimmerse.credits.estimated" not in upload
    assert not [name for name in upload if name.startswith("vimmerse.job")]
    assert "secret" not in recorder.text


def test_the_id_that_version_1_returns(recorder: Recorder) -> None:
    transport = Service([response({"data": {"id": "m1"}})])
    client = v1.AuthenticatedClient(base_url="http://api.example", token=KEY, transport=transport)
    with client, pytest.warns(DeprecationWarning, match="deprecated"):
        create_media_v1.sync(client=client, body=CreateMediaForm(prompt="x", motion_type="KlingAI"))
    assert recorder.tree == ["POST /media"]
    assert attributes(recorder.spans[0])["server.port"] == 80
    assert attributes(recorder.spans[0])["vimmerse.job.id"] == "m1"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": 5}', b'{"data": null}', b"[" * 100_000])
def test_a_response_without_an_id(recorder: Recorder, body: bytes) -> None:
    with service(response(body)) as client:
        idea_to_video.sync_detailed(client=client, body=IDEA)
    assert "vimmerse.job.id" not in attributes(recorder.one(CREATE))


def test_an_error_response(call: Any, recorder: Recorder) -> None:
    with pytest.raises(ApiError):
        call(get_story, service(response({"message": "A text"}, 404)), "s1")
    assert failure(recorder.one(LOOKUP)) == "404"
    assert "A text" not in recorder.text


def test_a_response_that_is_not_the_documented_one(call: Any, recorder: Recorder) -> None:
    """The request itself has succeeded; the error is for the caller."""
    with pytest.raises(InvalidAnswerError):
        call(get_story, service(response(b"<html>")), "s1")
    assert failure(recorder.one(LOOKUP)) is None


def test_no_response(call: Any, recorder: Recorder) -> None:
    with pytest.raises(httpx.ConnectError):
        call(get_story, service(httpx.ConnectError("to a secret host")), "s1")
    assert failure(recorder.one(LOOKUP)) == "httpx.ConnectError"
    assert "secret" not in recorder.text


def test_each_attempt_has_a_span(call: Any, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_sleep(seconds: float) -> None:
        pass

    monkeypatch.setattr("vimmerse._http.retries.sleep", lambda seconds: None)
    monkeypatch.setattr("vimmerse._http.retries.sleep_async", no_sleep)
    with recorder.tracer.start_as_current_span("application"):
        call(get_story, service(response({}, 503), httpx.ReadTimeout("x"), done()), "s1", max_retries=2)

    assert recorder.tree == ["application", *[f"  {LOOKUP}"] * 3]
    _, *attempts = recorder.spans
    assert [attributes(span).get("http.request.resend_count") for span in attempts] == [None, 1, 2]
    assert [failure(span) for span in attempts] == ["503", "httpx.ReadTimeout", None]


def test_the_span_is_the_current_one_while_the_request_is_sent(call: Any, recorder: Recorder) -> None:
    """As instrumentation of httpx needs it."""

    def respond(request: httpx.Request) -> httpx.Response:
        recorder.tracer.start_span("transport").end()
        return done()

    call(get_story, service(respond), "s1")
    assert recorder.tree == [LOOKUP, "  transport"]


def test_tasks_have_the_span_of_their_own_caller(recorder: Recorder, emulator: Emulator) -> None:
    async def one(client: AuthenticatedClient, name: str) -> None:
        with recorder.tracer.start_as_current_span(name):
            await create_media.asyncio(client=client, body=CreateMediaRequest(prompt=name))

    async def play() -> None:
        async with AuthenticatedClient(base_url=emulator.base_url, token=KEY) as client, asyncio.TaskGroup() as group:
            for name in ("a", "b", "c"):
                group.create_task(one(client, name))

    asyncio.run(play())
    parents = {span.context.span_id: span.name for span in recorder.spans}
    calls = [span for span in recorder.spans if span.name == "POST /v2/media"]
    assert sorted(parents[span.parent.span_id] for span in calls if span.parent) == ["a", "b", "c"]


def test_a_cancelled_call(recorder: Recorder) -> None:
    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError("it never ends")

    async def play() -> None:
        client = AuthenticatedClient(base_url="https://api.example", token=KEY, async_transport=Hanging())
        task = asyncio.create_task(get_story.asyncio("s1", client=client))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    started = asyncio.Event()
    asyncio.run(play())
    assert failure(recorder.one(LOOKUP)) == "asyncio.exceptions.CancelledError"


def test_a_closed_coroutine(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    """It is no failure, and does not disturb the context of whoever closes it."""

    class Suspended(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(0)
            raise AssertionError("it is never resumed")

    client = AuthenticatedClient(base_url="https://api.example", token=KEY, async_transport=Suspended())
    here, elsewhere = get_story.asyncio("here", client=client), get_story.asyncio("elsewhere", client=client)

    async def play() -> None:  # httpx looks for an event loop
        here.send(None)
        here.close()
        with recorder.tracer.start_as_current_span("application") as current:
            contextvars.Context().run(elsewhere.send, None)
            elsewhere.close()
            assert trace.get_current_span() is current

    asyncio.run(play())
    assert [failure(span) for span in recorder.spans] == [None, None, None]
    assert caplog.records == []


def test_the_key_in_the_place_of_an_id(call: Any, recorder: Recorder) -> None:
    key = "canary key/with 100 %"
    transport = Service([response({"id": key, "status": key}, headers={"X-Request-Id": key})])
    client = AuthenticatedClient(
        base_url="https://api.example", token=key, transport=transport, async_transport=transport
    )
    call(get_story, client, key)
    assert attributes(recorder.one(LOOKUP))["vimmerse.job.id"] == "[key]"
    assert "canary" not in recorder.text


def test_the_key_of_a_client_of_httpx_that_the_caller_has_made(recorder: Recorder) -> None:
    transport = Service([response({"id": "m1", "status": "queued"}, headers={"X-Request-Id": "canary-key"})])
    client = AuthenticatedClient(base_url="https://a.example", token=KEY)
    client.set_httpx_client(
        httpx.Client(base_url="https://a.example", headers={"X-Api-Key": "canary-key"}, transport=transport)
    )
    get_story.sync("s1", client=client)
    assert attributes(recorder.one(LOOKUP))["vimmerse.request_id"] == "[key]"


def test_the_key_among_the_headers(recorder: Recorder) -> None:
    transport = Service([done()])
    headers = {"X-Api-Key": "canary-key"}
    with AuthenticatedClient(base_url="https://a.example", token=KEY, headers=headers, transport=transport) as client:
        get_story.sync("canary-key", client=client)
    assert "canary" not in recorder.text


def test_the_query_is_left_out(call: Any, recorder: Recorder) -> None:
    call(get_media, service(response({"id": "m1", "processing_status": "new"})), "m1", fields=["secret"])
    assert recorder.tree == ["GET /v2/media/{media_id}"]
    assert "secret" not in recorder.text
