package dev.longhaul.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param listenUrl        JDBC URL for LISTEN if it differs from the service's, e.g. around a transaction-mode pooler
/// @param listenHeartbeat  how often the LISTEN connection is checked by a NOTIFY to itself, e.g. 5s
/// @param poll             how often operations with subscribers are read while LISTEN is lost, e.g. 1s
/// @param subscriberBuffer how many state changes wait for a subscriber before it reads on from the history
@ConfigurationProperties("longhaul.live")
record LiveSettings(
        @Nullable String listenUrl,
        @DefaultValue("5s") Duration listenHeartbeat,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("100") int subscriberBuffer) {

    LiveSettings {
        if (listenHeartbeat.compareTo(Duration.ofMillis(500)) < 0) {
            throw new IllegalArgumentException("longhaul.live.listen-heartbeat must be at least 500ms, not "
                    + listenHeartbeat);
        }
        if (poll.compareTo(Duration.ofMillis(50)) < 0) {
            throw new IllegalArgumentException("longhaul.live.poll must be at least 50ms, not " + poll);
        }
        if (subscriberBuffer < 1) {
            throw new IllegalArgumentException("longhaul.live.subscriber-buffer must be at least 1, not "
                    + subscriberBuffer);
        }
    }
}
