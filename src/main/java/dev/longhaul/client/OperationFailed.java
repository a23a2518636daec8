package dev.longhaul.client;

/// An operation ended without a result; the message says why.
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
