package dev.longhaul.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled         false: this node serves requests and runs nothing
/// @param slots           how many operations run at once on this node
/// @param lease           how long a silent node keeps its operations, e.g. 15s
/// @param drainTimeout    how long a stopping node lets its tasks run, e.g. 20s
/// @param cancelGrace     how long a cancelled or timed-out task may take to stop before its thread is interrupted,
///     e.g. 3s
/// @param backoff         the pause before the second attempt; doubles with each further one, e.g. 1s
/// @param maxBackoff      the longest pause between attempts, e.g. 10m
/// @param maxWorkerLosses how many workers in a row an operation may lose without a checkpoint before it fails
/// @param reportInterval  the shortest time between two batches with nothing but progress, e.g. 5ms
/// @param name            the name of the node, which a restarted node takes over; default: host and port
@ConfigurationProperties("longhaul.engine")
record EngineSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("100") int slots,
        @DefaultValue("15s") Duration lease,
        @DefaultValue("20s") Duration drainTimeout,
        @DefaultValue("3s") Duration cancelGrace,
        @DefaultValue("1s") Duration backoff,
        @DefaultValue("10m") Duration maxBackoff,
        @DefaultValue("5") int maxWorkerLosses,
        @DefaultValue("5ms") Duration reportInterval,
        @Nullable String name) {

    EngineSettings {
        if (slots < 1 || slots > 10_000) {
            throw new IllegalArgumentException("longhaul.engine.slots must be between 1 and 10000, not " + slots);
        }
        if (lease.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException("longhaul.engine.lease must be at least 2s, not " + lease);
        }
        if (drainTimeout.isNegative() || cancelGrace.isNegative()) {
            throw new IllegalArgumentException("longhaul.engine.drain-timeout and cancel-grace must not be negative, "
                    + "not " + drainTimeout + " and " + cancelGrace);
        }
        if (!backoff.isPositive() || maxBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException("longhaul.engine.backoff must be positive and at most max-backoff, not "
                    + backoff + " and " + maxBackoff);
        }
        if (maxWorkerLosses < 1) {
            throw new IllegalArgumentException("longhaul.engine.max-worker-losses must be at least 1, not "
                    + maxWorkerLosses);
        }
        if (reportInterval.isNegative()) {
            throw new IllegalArgumentException("longhaul.engine.report-interval must not be negative, not "
                    + reportInterval);
        }
    }

    /// The interval of the lease renewals: a lease survives several failed ones.
    Duration heartbeat() {
        return lease.dividedBy(5);
    }
}
