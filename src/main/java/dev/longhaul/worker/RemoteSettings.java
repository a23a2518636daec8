package dev.longhaul.worker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param lease       how long a remote worker may be silent, unless it registered with a lease of its own, e.g. 30s
/// @param longestWait how long a claim or a heartbeat may wait for something to tell, e.g. 60s
@ConfigurationProperties("longhaul.remote")
record RemoteSettings(@DefaultValue("30s") Duration lease, @DefaultValue("60s") Duration longestWait) {

    RemoteSettings {
        if (lease.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException("longhaul.remote.lease must be at least 2s, not " + lease);
        }
        if (longestWait.isNegative()) {
            throw new IllegalArgumentException("longhaul.remote.longest-wait must not be negative, not " + longestWait);
        }
    }
}
