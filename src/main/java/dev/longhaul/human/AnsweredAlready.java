package dev.longhaul.human;

/// Somebody was faster, or the operation is over.
public class AnsweredAlready extends RuntimeException {

    AnsweredAlready(String message) {
        super(message);
    }
}
