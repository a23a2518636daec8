package dev.longhaul.worker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param lease   how long a remote worker may be silent, unless it registered with a lease of its own, e.g. 30s
/// @param maxWait the longest time that a claim or a heartbeat waits, e.g. 60s
@ConfigurationProperties("longhaul.worker")
record WorkerSettings(@DefaultValue("30s") Duration lease, @DefaultValue("60s") Duration maxWait) {

    WorkerSettings {
        if (lease.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException("longhaul.worker.lease must be at least 2s, not " + lease);
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("longhaul.worker.max-wait must not be negative, not " + maxWait);
        }
    }
}
