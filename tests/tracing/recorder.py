"""Records spans, and shows them as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


class Recorder(SpanProcessor):
    """The spans of a provider."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider
        self.tracer = provider.get_tracer("application")
        self.started: list[int] = []  # the ids of the spans
        self._exporter = InMemorySpanExporter()
        provider.add_span_processor(self)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def on_start(self, span: Any, parent_context: object = None) -> None:
        self.started.append(span.context.span_id)

    @property
    def spans(self) -> list[ReadableSpan]:
        """Those that have ended, in the order in which they began. Each span that has begun has to end."""
        spans = {span.context.span_id: span for span in self._exporter.get_finished_spans()}
        return [spans[id] for id in self.started]

    @property
    def tree(self) -> list[str]:
        """The names of the spans, each after two spaces for each span that it is below."""
        spans = {span.context.span_id: span for span in self.spans}

        def depth(span: ReadableSpan) -> int:
            return 1 + depth(spans[span.parent.span_id]) if span.parent and span.parent.span_id in spans else 0

        return ["  " * depth(span) + span.name for span in self.spans]

    def one(self, name: str) -> ReadableSpan:
        """The only span with this name."""
        (span,) = [span for span in self.spans if span.name == name]
        return span

    @property
    def text(self) -> str:
        """Everything that an exporter gets."""
        return "\n".join(span.to_json() for span in self.spans)


def attributes(span: ReadableSpan) -> Mapping[str, object]:
    return dict(span.attributes or {})


def failure(span: ReadableSpan) -> object:
    """The type of error of a span that is marked as failed, or None. No text of an exception is on it."""
    assert span.status.description is None
    assert [event.name for event in span.events if event.name == "exception"] == []
    error_type = attributes(span).get("error.type")
    assert span.status.is_ok is (error_type is None)
    return error_type
