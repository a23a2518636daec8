package dev.longhaul.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param listenUrl JDBC URL for LISTEN if it differs from the service's, e.g. around a transaction-mode pooler
/// @param proof     how often the LISTEN connection is proved alive, e.g. 5s
/// @param poll      how often watched operations are looked at while LISTEN is lost, e.g. 1s
/// @param mailbox   how many changes of state wait for a watcher before it has to catch up from the history
@ConfigurationProperties("longhaul.live")
record LiveSettings(@Nullable String listenUrl, @DefaultValue("5s") Duration proof, @DefaultValue("1s") Duration poll,
                    @DefaultValue("100") int mailbox) {

    LiveSettings {
        if (proof.compareTo(Duration.ofMillis(500)) < 0) {
            throw new IllegalArgumentException("longhaul.live.proof must be at least 500ms, not " + proof);
        }
        if (poll.compareTo(Duration.ofMillis(50)) < 0) {
            throw new IllegalArgumentException("longhaul.live.poll must be at least 50ms, not " + poll);
        }
        if (mailbox < 1) {
            throw new IllegalArgumentException("longhaul.live.mailbox must be at least 1, not " + mailbox);
        }
    }
}
