package dev.longhaul.mcp.legacy;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Deletes the rows of expired sessions, and answers that no call has taken.
@Component
class SessionCleanup implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SessionCleanup.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Sessions sessions;
    private final ServerRequests requests;
    private final Loop loop = new Loop("session cleanup", this::round);

    SessionCleanup(Sessions sessions, ServerRequests requests) {
        this.sessions = sessions;
        this.requests = requests;
    }

    private Pause round() {
        try {
            sessions.purge();
            requests.purge();
        } catch (RuntimeException failed) {
            log.warn("could not delete expired sessions; next attempt in {}: {}", INTERVAL, failed.getMessage());
        }
        return Pause.of(INTERVAL);
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }
}
