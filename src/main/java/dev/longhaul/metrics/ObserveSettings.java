package dev.longhaul.metrics;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param sample         how often the database is asked for queue depths and lost workers, e.g. 15s
/// @param oldestPending  health is DEGRADED once an operation that could run has waited longer, e.g. 5m
/// @param tracesEndpoint where spans are sent by OTLP over HTTP, e.g. http://localhost:4318/v1/traces; default:
///     nowhere, and none are made
/// @param traceRatio     which share of the traces that begin here is kept, 0 to 1; a trace that a caller began is kept
///     if the caller says so
@ConfigurationProperties("longhaul.observe")
record ObserveSettings(@DefaultValue("15s") Duration sample, @DefaultValue("5m") Duration oldestPending,
        @Nullable URI tracesEndpoint,
                       @DefaultValue("1.0") double traceRatio) {

    ObserveSettings {
        if (sample.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("longhaul.observe.sample must be at least 100ms, not " + sample);
        }
        if (!oldestPending.isPositive()) {
            throw new IllegalArgumentException("longhaul.observe.oldest-pending must be positive, not "
                    + oldestPending);
        }
        if (tracesEndpoint != null && (tracesEndpoint.getHost() == null
                || !String.valueOf(tracesEndpoint.getScheme()).matches("https?"))) {
            throw new IllegalArgumentException("longhaul.observe.traces-endpoint must be an http or https URL like "
                    + "http://localhost:4318/v1/traces, not " + tracesEndpoint);
        }
        if (!(traceRatio >= 0 && traceRatio <= 1)) {
            throw new IllegalArgumentException("longhaul.observe.trace-ratio must be between 0 and 1, not "
                    + traceRatio);
        }
    }
}
