package dev.longhaul.client;

/// An operation failed or was cancelled; the message is its error.
public class OperationFailed extends RuntimeException {

    private final String status;

    OperationFailed(String status, String message) {
        super(message);
        this.status = status;
    }

    /// `failed` or `cancelled`.
    public String status() {
        return status;
    }
}
