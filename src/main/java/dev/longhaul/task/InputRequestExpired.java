package dev.longhaul.task;

/// Nobody answered a question in time, and it has no fallback.
public class InputRequestExpired extends NotRetryable {

    public InputRequestExpired(String message) {
        super(message);
    }
}
