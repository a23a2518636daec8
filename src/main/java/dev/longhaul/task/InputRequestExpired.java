package dev.longhaul.task;

/// No answer came in time, and the input request has no fallback.
public class InputRequestExpired extends NotRetryable {

    public InputRequestExpired(String message) {
        super(message);
    }
}
