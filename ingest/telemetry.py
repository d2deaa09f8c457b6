"""How long a run and its parts take: in the report always, and as OpenTelemetry spans where an exporter is configured.

The exporter is chosen by the standard variables, OTEL_TRACES_EXPORTER (`otlp`, `console` or `none`) and
OTEL_EXPORTER_OTLP_ENDPOINT; without them nothing of OpenTelemetry is imported.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

_NAME = "industry-brain.ingest"


class Stopwatch:
    """Seconds that each part of a run took."""

    def __init__(self, corpus: str) -> None:
        self.seconds: dict[str, float] = {}
        self._corpus = corpus
        self._tracer: Tracer | None = None
        self._parent: Context | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """The whole run; spans are sent before the block ends."""
        with ExitStack() as held:
            self._tracer = held.enter_context(_tracer())
            if self._tracer is not None:
                attributes = {"industry_brain.corpus": self._corpus}
                held.enter_context(self._tracer.start_as_current_span("ingest run", attributes=attributes))
            yield

    def note(self, spans: Sequence[tuple[str, int, int]], address: str) -> None:
        """Tell what was done for one address: stage, begin and end in nanoseconds since 1970."""
        if self._tracer is None:
            return
        for stage, began, ended in spans:
            attributes = {"industry_brain.address": address}
            span = self._tracer.start_span(f"ingest {stage}", self._parent, attributes=attributes, start_time=began)
            span.end(ended)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time of the block to `name`."""
        began = time.perf_counter()
        with ExitStack() as held:
            if self._tracer is not None:
                span = held.enter_context(self._tracer.start_as_current_span(f"ingest {name}"))
                self._parent = _context_of(span)
            try:
                yield
            finally:
                self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)


def _context_of(span: "Span") -> "Context":
    """What makes a span the parent of those that other threads tell of."""
    from opentelemetry.trace import set_span_in_context

    return set_span_in_context(span)


@contextmanager
def _tracer() -> "Iterator[Tracer | None]":
    exporter = _exporter()
    if exporter is None:
        yield None
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield provider.get_tracer(_NAME)
    finally:
        provider.shutdown()


def _exporter() -> "SpanExporter | None":
    endpoint = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    chosen = os.environ.get("OTEL_TRACES_EXPORTER") or ("otlp" if endpoint else "none")
    if chosen == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr)
    if chosen == "otlp":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter()
    return None
