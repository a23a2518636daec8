package dev.longhaul.mcp.rpc;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Keeps the connections of calls open that take their time, and notices clients that have gone. One timer for all;
/// each beat writes on a thread of its own.
@Component
public class CallKeepAlive implements DisposableBean {

    private final McpSettings settings;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("mcp heartbeat").factory());

    CallKeepAlive(McpSettings settings) {
        this.settings = settings;
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Ends the beats.
    public interface Beating extends AutoCloseable {
        @Override
        void close();
    }

    public Beating keep(McpExchange exchange) {
        if (!exchange.canStream()) {
            return () -> { };
        }
        var millis = settings.heartbeat().toMillis();
        var beats = timer.scheduleAtFixedRate(() -> Thread.ofVirtual().name("mcp heartbeat")
                .start(() -> beat(exchange)), millis, millis, TimeUnit.MILLISECONDS);
        return () -> beats.cancel(false);
    }

    private static void beat(McpExchange exchange) {
        try {
            exchange.beat();
        } catch (ClientDisconnected gone) {
            // whoever waits has been told
        }
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
