package dev.longhaul.inputrequest;

/// Somebody was faster, or the operation is over.
public class AlreadyAnswered extends RuntimeException {

    AlreadyAnswered(String message) {
        super(message);
    }
}
