package dev.longhaul.task;

import java.time.Duration;

/// A failure that knows when another attempt makes sense, e.g. of a server that answered `Retry-After: 120`.
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
