package dev.longhaul.sse;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param heartbeat how long a stream may be silent before a comment keeps it open, e.g. 15s
@ConfigurationProperties("longhaul.sse")
record SseSettings(@DefaultValue("15s") Duration heartbeat) {

    SseSettings {
        if (heartbeat.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("longhaul.sse.heartbeat must be at least 100ms, not " + heartbeat);
        }
    }
}
