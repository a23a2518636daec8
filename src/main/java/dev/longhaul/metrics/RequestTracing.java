package dev.longhaul.metrics;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Creates a span for every POST. The interfaces store the `traceparent` header of a request, so this filter replaces
/// the header with the id of the span.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
@ConditionalOnProperty("longhaul.metrics.traces-endpoint")
class RequestTracing extends OncePerRequestFilter {

    private static final String TRACE_PARENT = "traceparent";

    private final Tracer tracer;

    RequestTracing(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.longhaul");
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("POST");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, new HeaderGetter());
        var span = tracer.spanBuilder("POST " + request.getRequestURI()).setSpanKind(SpanKind.SERVER).setParent(caller)
                .setAttribute("http.request.method", "POST").setAttribute("url.path", request.getRequestURI())
                .startSpan();
        try {
            chain.doFilter(new RequestInSpan(request, span.getSpanContext()), response);
        } finally {
            end(span, response.getStatus());
        }
    }

    private static void end(Span span, int status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private static final class RequestInSpan extends HttpServletRequestWrapper {

        private final String traceParent;

        RequestInSpan(HttpServletRequest request, SpanContext span) {
            super(request);
            this.traceParent = "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex();
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase(TRACE_PARENT) ? traceParent : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase(TRACE_PARENT)
                    ? Collections.enumeration(List.of(traceParent)) : super.getHeaders(name);
        }
    }

    private static final class HeaderGetter implements TextMapGetter<HttpServletRequest> {

        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String key) {
            return request == null ? null : request.getHeader(key);
        }
    }
}
