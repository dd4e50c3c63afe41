"""The spans of v1 calls through the compat layer, with those of their v2 requests below them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import requests
import trio
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from vimmerse._http import tracing
from vimmerse.compat import (
    AsyncCompatTransport,
    CompatAdapter,
    CompatClient,
    CompatTransport,
    LossyTranslationWarning,
    PassthroughWarning,
    Policy,
)
from vimmerse.compat.core.errors import StrictModeError
from vimmerse.compat.core.messages import V1Request, V2Request
from vimmerse.compat.gateway.app import create_app
from vimmerse.compat.runtime.spans import CallSpans
from vimmerse.emulator import Emulator
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.story import get_story

from tests.gateway.serving import serving
from tests.keys.canary import CANARY, ENTRY_POINTS, LOSSY
from tests.tracing.recorder import Recorder, attributes, failure

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")

HEADERS = {"X-Api-Key": CANARY}
IDEA = {"idea": "A secret idea", "scene_count": "3", "motion_type": "KlingAI"}
CALL = "vimmerse.v1 POST /story/idea-2-video"
REQUEST = "POST /v2/story/idea-2-video"
Post = Callable[[str, str, dict[str, str]], Any]


def by_httpx(base_url: str, path: str, fields: dict[str, str]) -> Any:
    with httpx.Client(transport=CompatTransport(base_url=base_url), headers=HEADERS) as client:
        return client.post(base_url + path, data=fields)


async def _post(base_url: str, path: str, fields: dict[str, str]) -> Any:
    async with httpx.AsyncClient(transport=AsyncCompatTransport(base_url=base_url), headers=HEADERS) as client:
        return await client.post(base_url + path, data=fields)


def by_asyncio(base_url: str, path: str, fields: dict[str, str]) -> Any:
    return asyncio.run(_post(base_url, path, fields))


def by_trio(base_url: str, path: str, fields: dict[str, str]) -> Any:
    return trio.run(_post, base_url, path, fields)


def by_requests(base_url: str, path: str, fields: dict[str, str]) -> Any:
    with requests.Session() as session:
        session.mount(base_url, CompatAdapter(base_url=base_url))
        return session.post(base_url + path, data=fields, headers=HEADERS, timeout=10)


@pytest.fixture(params=[by_httpx, by_asyncio, by_trio, by_requests])
def post(request: pytest.FixtureRequest) -> Post:
    by: Post = request.param
    return by


def test_a_call(post: Post, emulator: Emulator, recorder: Recorder) -> None:
    with recorder.tracer.start_as_current_span("application"):
        id = post(emulator.base_url, "/story/idea-2-video", IDEA).json()["data"]["id"]

    assert recorder.tree == ["application", f"  {CALL}", f"    {REQUEST}"]
    call, request = recorder.one(CALL), recorder.one(REQUEST)
    assert (call.kind, request.kind) == (SpanKind.INTERNAL, SpanKind.CLIENT)
    assert attributes(call) == {
        "vimmerse.v1.operation": "POST /story/idea-2-video",
        "vimmerse.job.id": id,
        "vimmerse.job.kind": "story",
        "http.response.status_code": 200,
    }
    assert attributes(request) == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "url.template": "/v2/story/idea-2-video",
        "url.full": f"{emulator.base_url}/v2/story/idea-2-video",
        "server.address": "127.0.0.1",
        "server.port": int(emulator.base_url.rpartition(":")[2]),
        "vimmerse.job.id": id,
        "vimmerse.job.kind": "story",
        "vimmerse.credits.estimated": 150,
    }
    assert "secret" not in recorder.text
    assert CANARY not in recorder.text


def test_a_call_of_several_requests(emulator: Emulator, recorder: Recorder) -> None:
    with CompatClient(CANARY, base_url=emulator.base_url) as client:
        id = client.upload_media(image=b"\x89PNG\r\n\x1a\n", data={"prompt": "x", "visibility_status": "PRIVATE"}).id
        client.download_media(id).read()

    assert recorder.tree == [
        "vimmerse.v1 POST /media/upload",
        "  POST /v2/image",
        "  POST /v2/media",
        "  PUT /v2/media/{media_id}",
        "vimmerse.v1 GET /media/{media_id}/download",
        "  GET /v2/media/{media_id}",
        "  GET",
    ]
    assert [attributes(span).get("vimmerse.job.id") for span in recorder.spans if "image" not in span.name] == [
        *[id] * 5,
        None,
    ]


def test_what_is_lost_is_an_event_without_its_value(emulator: Emulator, recorder: Recorder) -> None:
    fields = {"prompt": "Rain", "motion_type": "KlingAI", "camera_control": "A secret way"}
    with pytest.warns(LossyTranslationWarning):
        by_httpx(emulator.base_url, "/media", fields)

    (event,) = recorder.one("vimmerse.v1 POST /media").events
    assert event.name == "vimmerse.notice"
    assert dict(event.attributes or {}) == {"vimmerse.notice.kind": "lossy", "vimmerse.notice.field": "camera_control"}
    assert "secret" not in recorder.text


def test_a_call_that_is_forwarded_to_v1(emulator: Emulator, recorder: Recorder) -> None:
    with pytest.warns(PassthroughWarning):
        by_httpx(emulator.base_url, "/media", {"prompt": "Rain", "motion_type": "Parallax"})

    assert recorder.tree == ["vimmerse.v1 POST /media", "  POST /media"]
    call, request = recorder.spans
    assert [dict(event.attributes or {})["vimmerse.notice.kind"] for event in call.events] == ["passthrough"]
    assert "vimmerse.credits.estimated" not in attributes(request)


def test_an_error_response(post: Post, emulator: Emulator, recorder: Recorder) -> None:
    emulator.faults.add(kind="status", status=402)
    post(emulator.base_url, "/story/idea-2-video", IDEA)
    assert [failure(span) for span in recorder.spans] == ["402", "402"]


def test_no_response(post: Post, recorder: Recorder) -> None:
    with pytest.raises((httpx.ConnectError, requests.ConnectionError)):
        post("http://127.0.0.1:9", "/story/idea-2-video", IDEA)
    library = "requests.exceptions.ConnectionError" if post is by_requests else "httpx.ConnectError"
    assert [failure(span) for span in recorder.spans] == [library, library]


def test_a_call_that_the_policy_rejects(emulator: Emulator, recorder: Recorder) -> None:
    transport = CompatTransport(policy=Policy(mode="strict", base_url=emulator.base_url))
    with httpx.Client(transport=transport) as client, pytest.raises(StrictModeError):
        client.post(f"{emulator.base_url}/media", data=LOSSY)
    assert recorder.tree == ["vimmerse.v1 POST /media"]
    assert failure(recorder.spans[0]) == "vimmerse.compat.core.errors.StrictModeError"


def test_a_call_that_is_not_a_v1_call_has_no_span_here(emulator: Emulator, recorder: Recorder) -> None:
    """So that a typed v2 call through a patched httpx has one only."""
    transport = CompatTransport(base_url=emulator.base_url)
    with AuthenticatedClient(base_url=emulator.base_url, token=CANARY, transport=transport) as client:
        get_story.sync_detailed("unknown", client=client)
        client.get_httpx_client().get("/v2/nowhere")
    assert recorder.tree == ["GET /v2/story/{story_id}"]


def test_a_streamed_response_is_read_after_its_span(emulator: Emulator, recorder: Recorder) -> None:
    with CompatClient(CANARY, base_url=emulator.base_url) as client:
        id = client.create_media(prompt="x", motion_type="KlingAI").id
    transport = CompatTransport(base_url=emulator.base_url)
    with (
        httpx.Client(transport=transport, headers=HEADERS) as http,
        http.stream("GET", f"{emulator.base_url}/media/{id}/download") as response,
    ):
        assert recorder.tree[-3:] == [
            "vimmerse.v1 GET /media/{media_id}/download",
            "  GET /v2/media/{media_id}",
            "  GET",
        ]
        assert trace.get_current_span() is trace.INVALID_SPAN
        assert len(response.read()) > 1000


def test_a_path_that_is_no_operation(recorder: Recorder) -> None:
    """Not even one of the same length."""
    spans = CallSpans(V1Request("GET", "http://a.example/story/s1"), Policy(base_url="http://a.example"))
    spans.start()
    for path in ("/story", "/story/", "/nowhere/at/all", ""):
        with spans.start_request(V2Request("GET", f"http://a.example{path}")) as span:
            assert span
    spans.call.end()
    assert [span.name for span in recorder.spans[1:]] == ["GET"] * 4


def request_span(body: bytes) -> tracing.Span:
    spans = CallSpans(V1Request("GET", "http://a.example/story/s1"), Policy(base_url="http://a.example"))
    with (
        spans.start(),
        spans.start_request(V2Request("POST", "http://a.example/v2/media", body=body, paid=True)) as span,
    ):
        return span


def test_a_body_that_is_no_object_has_no_estimate(recorder: Recorder) -> None:
    assert request_span(b"[1]") is not tracing.NO_SPAN
    assert "vimmerse.credits.estimated" not in attributes(recorder.one("POST /v2/media"))


def test_a_body_that_is_no_json_loses_the_span(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    assert request_span(b"{") is tracing.NO_SPAN
    assert "JSONDecodeError" in caplog.text


# ---- the key


@pytest.mark.parametrize("fault", ["", "status", "reset", "cut", "null", "redirect"])
@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_no_span_has_the_key(emulator: Emulator, recorder: Recorder, entry_point: str, fault: str) -> None:
    if fault:
        emulator.faults.add(kind=fault, times=None)  # type: ignore[arg-type]  # a parameter of the test
    ENTRY_POINTS[entry_point](emulator.base_url)
    assert recorder.spans
    assert CANARY not in recorder.text
    assert "Rain" not in recorder.text


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_key_in_the_place_of_an_id(emulator: Emulator, recorder: Recorder) -> None:
    policy = Policy(base_url=emulator.base_url, api_key="canary-of-the-policy")
    with httpx.Client(transport=CompatTransport(policy=policy), headers={"X-Api-Key": "canary-of-the-caller"}) as http:
        for id in ("canary-of-the-policy", "canary-of-the-caller"):
            http.get(f"{emulator.base_url}/story/{id}")
            http.put(f"{emulator.base_url}/media/{id}", data={id: id, "title": id})
    assert "vimmerse.v1 PUT /media/{media_id}" in recorder.tree
    assert "canary" not in recorder.text


# ---- the gateway


def test_the_gateway_continues_the_trace_of_its_client(emulator: Emulator, recorder: Recorder) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with serving(Policy(base_url=emulator.base_url)) as gateway:
        httpx.post(f"{gateway.base_url}/story/idea-2-video", data=IDEA, headers={**HEADERS, "TraceParent": parent})
        httpx.post(f"{gateway.base_url}/story/idea-2-video", data=IDEA, headers=HEADERS)
        httpx.get(f"{gateway.base_url}/story/unknown", headers=HEADERS)
    calls = [span for span in recorder.spans if span.kind is SpanKind.SERVER]
    assert [span.name for span in calls] == [CALL, CALL, "vimmerse.v1 GET /story/{story_id}"]
    assert calls[0].parent is not None
    assert calls[0].parent.span_id == 0xB7AD6B7169203331
    assert calls[1].parent is None
    assert failure(calls[2]) is None  # a server's own failures are 5xx
    assert recorder.tree[:2] == [CALL, f"  {REQUEST}"]
    assert {span.context.trace_id for span in recorder.spans[:2]} == {0x0AF7651916CD43DD8448EB211C80319C}


def test_the_gateway_below_instrumentation_of_the_server(emulator: Emulator, recorder: Recorder) -> None:
    app = create_app(Policy(base_url=emulator.base_url))

    async def instrumented(scope: Any, receive: Any, send: Any) -> None:
        with recorder.tracer.start_as_current_span("server"):
            await app(scope, receive, send)

    async def play() -> None:
        headers = {**HEADERS, "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        transport = httpx.ASGITransport(app=instrumented)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.example") as client:
            response = await client.post("/story/idea-2-video", data=IDEA, headers=headers)
        assert json.loads(response.content)["data"]["id"]
        await app.state.gateway.close()

    asyncio.run(play())
    assert recorder.tree == ["server", f"  {CALL}", f"    {REQUEST}"]
    assert recorder.one(CALL).kind is SpanKind.INTERNAL
