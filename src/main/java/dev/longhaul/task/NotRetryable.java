package dev.longhaul.task;

/// A failure that no retry mends: the operation fails at once.
public class NotRetryable extends Exception {

    public NotRetryable(String message) {
        super(message);
    }

    public NotRetryable(String message, Throwable cause) {
        super(message, cause);
    }
}
