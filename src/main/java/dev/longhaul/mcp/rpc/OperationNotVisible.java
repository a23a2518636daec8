package dev.longhaul.mcp.rpc;

/// Somebody asked about an operation that there is not, or not for them.
public class OperationNotVisible extends RuntimeException {

    public OperationNotVisible(String message) {
        super(message);
    }
}
