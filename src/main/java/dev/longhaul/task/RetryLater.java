package dev.longhaul.task;

import java.time.Duration;

/// The attempt failed, and the next one makes sense after this pause, e.g. after `Retry-After: 120` of a server.
public class RetryLater extends Exception {

    private final Duration pause;

    /// @param pause before the next attempt
    public RetryLater(Duration pause, String message) {
        super(message);
        this.pause = pause;
    }

    public RetryLater(Duration pause, String message, Throwable cause) {
        super(message, cause);
        this.pause = pause;
    }

    public Duration pause() {
        return pause;
    }
}
