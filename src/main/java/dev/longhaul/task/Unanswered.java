package dev.longhaul.task;

/// Nobody answered a question in time, and it has no fallback.
public class Unanswered extends NotRetryable {

    public Unanswered(String message) {
        super(message);
    }
}
