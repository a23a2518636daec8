package dev.longhaul.mcp.legacy;

import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Deletes the rows of expired sessions, and answers that no call has taken.
@Component
class SessionCleanup extends LoopLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SessionCleanup.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Sessions sessions;
    private final ServerRequests requests;

    SessionCleanup(Sessions sessions, ServerRequests requests) {
        super("session cleanup");
        this.sessions = sessions;
        this.requests = requests;
    }

    @Override
    protected Pause round() {
        try {
            sessions.purge();
            requests.purge();
        } catch (RuntimeException failed) {
            log.warn("could not delete expired sessions; next attempt in {}: {}", INTERVAL, failed.getMessage());
        }
        return Pause.of(INTERVAL);
    }
}
