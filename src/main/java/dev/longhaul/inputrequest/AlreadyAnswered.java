package dev.longhaul.inputrequest;

/// Another answer was first, or the operation has ended.
public class AlreadyAnswered extends RuntimeException {

    AlreadyAnswered(String message) {
        super(message);
    }
}
