package dev.longhaul.metrics;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param sampleInterval time between queries for queue depths and lost workers, e.g. 15s
/// @param maxPendingAge  health is DEGRADED while an operation has been claimable for longer, e.g. 5m
/// @param tracesEndpoint OTLP over HTTP endpoint for spans, e.g. http://localhost:4318/v1/traces; default: no spans
/// @param traceRatio     kept share of the traces that start in this service, 0 to 1; the caller decides for its own
///     traces
@ConfigurationProperties("longhaul.metrics")
record MetricsSettings(@DefaultValue("15s") Duration sampleInterval, @DefaultValue("5m") Duration maxPendingAge,
        @Nullable URI tracesEndpoint, @DefaultValue("1.0") double traceRatio) {

    MetricsSettings {
        if (sampleInterval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("longhaul.metrics.sample-interval must be at least 100ms, not "
                    + sampleInterval);
        }
        if (!maxPendingAge.isPositive()) {
            throw new IllegalArgumentException("longhaul.metrics.max-pending-age must be positive, not "
                    + maxPendingAge);
        }
        if (tracesEndpoint != null && (tracesEndpoint.getHost() == null
                || !String.valueOf(tracesEndpoint.getScheme()).matches("https?"))) {
            throw new IllegalArgumentException("longhaul.metrics.traces-endpoint must be an http or https URL like "
                    + "http://localhost:4318/v1/traces, not " + tracesEndpoint);
        }
        if (!(traceRatio >= 0 && traceRatio <= 1)) {
            throw new IllegalArgumentException("longhaul.metrics.trace-ratio must be between 0 and 1, not "
                    + traceRatio);
        }
    }
}
