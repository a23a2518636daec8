package dev.longhaul.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// Metrics of open streams and of the delay of notifications.
@Component
class LiveMeters {

    LiveMeters(MeterRegistry registry, Subscribers subscribers, ChangeFeed feed, NotificationListener listener) {
        Gauge.builder("longhaul.streams", subscribers, Subscribers::count).description("Open streams")
                .tag("of", "operation").register(registry);
        Gauge.builder("longhaul.streams", feed, ChangeFeed::count).description("Open streams").tag("of", "feed")
                .register(registry);
        Gauge.builder("longhaul.listening", listener, it -> it.isListening() ? 1 : 0)
                .description("1: notifications of the database arrive; 0: operations with subscribers are polled")
                .register(registry);
        Gauge.builder("longhaul.notify.lag", listener, it -> it.lag().toNanos() / 1e9).baseUnit("seconds")
                .description("Time of a NOTIFY of this node to itself, measured every longhaul.live.listen-heartbeat")
                .register(registry);
    }
}
