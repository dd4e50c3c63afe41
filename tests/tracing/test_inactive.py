"""Without OpenTelemetry, or without a provider, nothing of it is loaded, called or worked out."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from vimmerse._http import tracing
from vimmerse.emulator import Emulator
from vimmerse.jobs import wait, wait_all

from tests.jobs.callers import Service, done
from tests.tracing.recorder import Recorder

PROGRAM = """
import sys
import httpx
from vimmerse.compat import CompatTransport
from vimmerse.jobs import wait
from vimmerse.v2 import AuthenticatedClient
from vimmerse.v2.api.story import idea_to_video
from vimmerse.v2.models import IdeaToVideoRequest

base = sys.argv[1]

def play():
    with AuthenticatedClient(base_url=base, token="a-key") as client:
        wait(client, idea_to_video.sync(client=client, body=IdeaToVideoRequest(idea="x")))
    with httpx.Client(transport=CompatTransport(base_url=base), headers={"X-Api-Key": "a-key"}) as v1:
        v1.post(base + "/story/idea-2-video", data={"idea": "x"}).raise_for_status()
"""

WITHOUT = """
play()
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
"""

API_ONLY = """
from opentelemetry import trace
play()
assert not [name for name in sys.modules if name.startswith("opentelemetry.sdk")]
"""

LATER = """
play()
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

play()
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
play()
names = sorted({span.name for span in exporter.get_finished_spans()})
assert names == [
    "GET /v2/story/{story_id}",
    "POST /v2/story/idea-2-video",
    "vimmerse.v1 POST /story/idea-2-video",
    "vimmerse.wait story",
], names
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", [WITHOUT, API_ONLY, LATER], ids=["without", "api-only", "provider-set-later"])
def test_a_program(emulator: Emulator, ending: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM + ending, emulator.base_url]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")


class SwitchedOff(TracerProvider):
    """As the SDK's own with ``OTEL_SDK_DISABLED``."""

    def get_tracer(self, *args: Any, **options: Any) -> trace.Tracer:
        return trace.NoOpTracer()


@pytest.fixture(params=["not imported", "no provider", "a provider that does nothing", "an SDK that is switched off"])
def inactive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "not imported":
        monkeypatch.delitem(sys.modules, "opentelemetry.trace")
        return
    provider: trace.TracerProvider = trace.ProxyTracerProvider()
    if request.param == "a provider that does nothing":
        provider = trace.NoOpTracerProvider()
    elif request.param == "an SDK that is switched off":
        provider = SwitchedOff(shutdown_on_exit=False)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)


def test_there_is_no_span(inactive: None) -> None:
    assert tracing.start_span("x", {}) is tracing.NO_SPAN
    assert tracing.start_request_span("POST", "https://a.example", body={"scene_count": 3}) is tracing.NO_SPAN


def test_nothing_is_worked_out(inactive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> Any:
        raise AssertionError("an estimate was made")

    monkeypatch.setattr("vimmerse.pricing.estimate_call", fail)
    with Service([done()]).client() as client:
        wait(client, "s1", kind="story")
        assert len(list(wait_all(client, ["s1"], kind="story"))) == 1


def test_a_span_that_does_not_exist() -> None:
    with tracing.NO_SPAN as span, span.activated():
        assert not span
        span.set({"x": 1})
        span.add_event("x", {})
        span.set_response(500)
        span.end()


def test_a_provider_makes_one_tracer(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK changes the warning filters of the process when it makes one."""
    made: list[str] = []
    get_tracer = recorder.provider.get_tracer

    def counted(name: str, version: str | None) -> trace.Tracer:
        made.append(name)
        return get_tracer(name, version)

    monkeypatch.setattr(recorder.provider, "get_tracer", counted)
    for _ in range(3):
        tracing.start_span("x", {}).end()
    assert made == ["vimmerse"]
    assert len(recorder.spans) == 3


def test_a_copy_of_the_files_without_metadata(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    tracing.start_span("x", {}).end()
    assert recorder.tree == ["x"]
