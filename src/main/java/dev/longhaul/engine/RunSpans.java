package dev.longhaul.engine;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Outcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// A span for every run, in the trace of the request that submitted its operation: the row has the trace id, across
/// restarts and nodes. A span is a child and no link, so that one trace shows the request and all attempts. Without an
/// exporter nothing is recorded.
///
/// Log lines of a task have `operation_id`, `attempt`, and `trace_id` where there is one.
@Component
class RunSpans {

    private static final String TRACE_PARENT = "traceparent";

    private final Tracer tracer;

    RunSpans(ObjectProvider<OpenTelemetry> telemetry) {
        this.tracer = telemetry.getIfAvailable(OpenTelemetry::noop).getTracer("dev.longhaul");
    }

    /// On the thread of the run, which ends with it: the log context needs no cleanup.
    Span begin(Operation operation) {
        var span = tracer.spanBuilder("run " + operation.type()).setSpanKind(SpanKind.CONSUMER)
                .setParent(submitted(operation))
                .setAttribute("longhaul.operation.id", operation.id().toString())
                        .setAttribute("longhaul.attempt", operation.attempt())
                .setAttribute("longhaul.queue", operation.queue()).startSpan();
        MDC.put("operation_id", operation.id().toString());
        MDC.put("attempt", String.valueOf(operation.attempt()));
        if (span.getSpanContext().isValid()) {
            MDC.put("trace_id", span.getSpanContext().getTraceId());
        }
        return span;
    }

    /// @param outcome null: the run lost its lease
    void end(Span span, @Nullable Outcome outcome) {
        switch (outcome) {
            case Outcome.Failed(var failure) -> span.setStatus(StatusCode.ERROR, failure.message());
            case Outcome.Retry(var failure, var _) -> span.setStatus(StatusCode.ERROR, failure.message());
            case null -> span.setStatus(StatusCode.ERROR, "its lease was lost");
            default -> { }
        }
        span.setAttribute("longhaul.outcome", outcome == null ? "void" : outcome.getClass().getSimpleName());
        span.end();
    }

    /// The trace of what a run submits: of the run's span, or without spans of its operation.
    static @Nullable String traceParent(Operation operation) {
        var here = Span.current().getSpanContext();
        return here.isValid() ? "00-" + here.getTraceId() + "-" + here.getSpanId() + "-" + here.getTraceFlags()
                .asHex() : operation.traceParent();
    }

    private static Context submitted(Operation operation) {
        return operation.traceParent() == null ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), operation.traceParent(), new Row());
    }

    /// The row has `traceparent`, and no `tracestate`.
    private static final class Row implements TextMapGetter<String> {

        @Override
        public Iterable<String> keys(String traceParent) {
            return List.of(TRACE_PARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceParent, String key) {
            return key.equals(TRACE_PARENT) ? traceParent : null;
        }
    }
}
