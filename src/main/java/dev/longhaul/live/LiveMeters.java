package dev.longhaul.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// How many watch here, and how late announcements arrive.
@Component
class LiveMeters {

    LiveMeters(MeterRegistry registry, Subscribers watchers, ChangeFeed feed, NotificationListener listener) {
        Gauge.builder("longhaul.streams", watchers, Subscribers::count).description("Open streams")
                .tag("of", "operation").register(registry);
        Gauge.builder("longhaul.streams", feed, ChangeFeed::count).description("Open streams").tag("of", "feed")
                .register(registry);
        Gauge.builder("longhaul.listening", listener, ear -> ear.isListening() ? 1 : 0)
                .description("1: announcements of the database arrive; 0: watched operations are polled")
                .register(registry);
        Gauge.builder("longhaul.notify.lag", listener, ear -> ear.lag().toNanos() / 1e9).baseUnit("seconds")
                .description("Time of a NOTIFY of this node to itself, measured every longhaul.live.listen-heartbeat")
                .register(registry);
    }
}
