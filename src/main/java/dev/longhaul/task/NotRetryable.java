package dev.longhaul.task;

/// The operation fails at once: a further attempt would fail, too.
public class NotRetryable extends Exception {

    public NotRetryable(String message) {
        super(message);
    }

    public NotRetryable(String message, Throwable cause) {
        super(message, cause);
    }
}
