"""What goes wrong in OpenTelemetry, or in an extension of it, ends no call and loses no id."""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry import context, propagate, trace
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler
from vimmerse._http import tracing
from vimmerse.compat import CompatTransport
from vimmerse.emulator import Emulator
from vimmerse.jobs import wait
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.story import idea_to_video
from vimmerse.v2.models import IdeaToVideoRequest

from tests.faults import interrupted_calls
from tests.faults.interrupted_calls import ASYNC_ENTRY_POINTS, CALLS, ENDINGS
from tests.faults.interruptions import by_hand, by_lines
from tests.jobs.callers import KEY, Service, response, story
from tests.sampling import sampled
from tests.tracing.recorder import Recorder, failure

pytestmark = pytest.mark.filterwarnings("ignore::vimmerse.compat.V1DeprecationWarning")

SECRET = "the text of an error, with a secret"


class Broken(Sampler, SpanProcessor):
    """A sampler and a span processor whose methods raise."""

    def __init__(self, method: str, error: BaseException) -> None:
        self.method = method
        self.error = error

    def _break(self, method: str) -> None:
        if method == self.method:
            raise self.error

    def on_start(self, span: Any, parent_context: object = None) -> None:
        self._break("on_start")

    def on_end(self, span: object) -> None:
        self._break("on_end")

    def should_sample(self, *args: Any, **options: Any) -> Any:
        self._break("should_sample")
        return ALWAYS_ON.should_sample(*args, **options)

    def get_description(self) -> str:
        return "broken"


@pytest.fixture(autouse=True)
def same_context_afterwards() -> Iterator[None]:
    before = context.get_current()
    yield
    assert context.get_current() == before


def use(monkeypatch: pytest.MonkeyPatch, method: str, error: BaseException) -> None:
    broken = Broken(method, error)
    provider = TracerProvider(sampler=broken, shutdown_on_exit=False)
    provider.add_span_processor(broken)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)


@pytest.mark.parametrize("method", ["on_start", "on_end", "should_sample"])
def test_calls_go_on(
    method: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, method, httpx.ConnectError(SECRET))  # it must not be taken for a failure of the call
    base_url = emulator.base_url
    with AuthenticatedClient(base_url=base_url, token=KEY) as client:
        created = idea_to_video.sync(
            client=client, body=IdeaToVideoRequest(idea="x"), max_retries=5, retry_refused=True
        )
        assert wait(client, created).video_url
    with httpx.Client(transport=CompatTransport(base_url=base_url), headers={"X-Api-Key": KEY}) as v1:
        assert v1.post(f"{base_url}/story/idea-2-video", data={"idea": "x"}).json()["data"]["id"]
    assert len([request for request in emulator.requests if request.method == "POST"]) == 2
    assert {record.levelno for record in caplog.records if record.name == "vimmerse"} == {logging.WARNING}
    assert "httpx.ConnectError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("value", [RuntimeError(SECRET), "not a bool"])
def test_a_span_that_can_not_say_whether_it_records_ends_no_call(
    value: object, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_recording(span: object) -> object:
        if isinstance(value, Exception):
            raise value
        return value

    monkeypatch.setattr(Span, "is_recording", is_recording)
    client = Service([response({"id": "job-17", "status": "new"})]).client()
    assert idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="x")).id == "job-17"


def test_ctrl_c_during_an_export_names_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exporter may block for seconds, while the response to a paid call is already there."""
    use(monkeypatch, "on_end", KeyboardInterrupt())
    client = Service([response({"id": "job-17", "status": "new"})]).client()
    with client, pytest.raises(KeyboardInterrupt) as caught:
        idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="x"))
    assert any("job-17" in note for note in caught.value.__notes__)


def test_ctrl_c_during_the_export_of_another_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "on_end", KeyboardInterrupt())
    with Service([response({}, 402)]).client() as client, pytest.raises(KeyboardInterrupt) as caught:
        idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="x"))
    assert not any("its job is" in note for note in getattr(caught.value, "__notes__", ()))


@pytest.mark.parametrize("method", ["on_start", "on_end"])
def test_ctrl_c_in_a_v1_call(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, method, KeyboardInterrupt())
    service = Service([response({"id": "job-17", "status": "new"})])
    transport = CompatTransport(service, base_url="http://api.example", on_warning=lambda notice: None)
    with (
        httpx.Client(transport=transport, headers={"X-Api-Key": KEY}) as v1,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        v1.post("http://api.example/story/idea-2-video", data={"idea": "x"})
    notes = " ".join(getattr(caught.value, "__notes__", ()))
    assert ("job-17" in notes) is (method == "on_end")
    assert len(service.requests) == (method == "on_end")


def test_a_provider_that_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> trace.TracerProvider:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(trace, "get_tracer_provider", fail)
    with Service([story("success", video_url="https://a.example")]).client() as client:
        wait(client, "s1", kind="story")
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_log_handler_that_fails(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise RuntimeError(SECRET)

    use(monkeypatch, "on_end", RuntimeError())
    monkeypatch.setattr(logging.getLogger("vimmerse"), "handlers", [Failing()])
    with AuthenticatedClient(base_url=emulator.base_url, token=KEY) as client:
        assert idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="x")).id


def test_a_context_that_fails(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(context: object) -> Any:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(context, "attach", fail)
    with Service([story("success", video_url="https://a.example")]).client() as client:
        wait(client, "s1", kind="story")
    assert len(recorder.spans) == 2


def test_a_propagator_that_fails(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(headers: object) -> Any:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(propagate, "extract", fail)
    assert tracing.start_span("x", {}, headers={}) is tracing.NO_SPAN


@pytest.mark.parametrize("url", ["http://[", "http://a.example:x/", "http://a.example:99999/"])
def test_a_url_that_is_none(recorder: Recorder, url: str) -> None:
    tracing.start_request_span("GET", url).end()
    assert dict(recorder.one("GET").attributes or {}) == {"http.request.method": "GET"}


def test_long_values_are_cut(recorder: Recorder) -> None:
    with tracing.start_span("x", {"x": "a" * 100_000}) as span:
        span.set({"y": "a" * 100_000})
    assert len(recorder.text) < 5000


# ---- interrupted calls name the same ids as without spans


@pytest.mark.parametrize(("entry_point", "call", "ending"), sampled(product(ASYNC_ENTRY_POINTS, CALLS, ENDINGS), 5))
def test_every_suspension_point_of_a_coroutine(entry_point: str, call: str, ending: str, recorder: Recorder) -> None:
    calls = list(by_hand(entry_point, call, ending))
    assert [missing for each in calls if (missing := each.missing())] == []
    assert recorder.spans


def test_ctrl_c_at_lines_of_a_call(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also at those of the module that makes the spans."""
    monkeypatch.setattr(interrupted_calls, "PACKAGE", str(Path(tracing.__file__).parents[1]))
    # A context may stay attached if the line that detaches it is not reached, so this one is thrown away.
    calls = contextvars.copy_context().run(lambda: list(by_lines("CompatClient", "a story", every=7)))
    assert {where for where, _ in calls if "tracing.py" in where}
    assert [(where, missing) for where, each in calls if (missing := each.missing())] == []


def test_the_first_error_is_the_one_that_counts(recorder: Recorder) -> None:
    span = tracing.start_span("x", {})
    span.set_response(503)
    span.end(RuntimeError(SECRET))
    assert failure(recorder.one("x")) == "503"
