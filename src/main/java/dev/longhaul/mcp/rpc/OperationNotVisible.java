package dev.longhaul.mcp.rpc;

/// There is no such operation, or the caller may not see it.
public class OperationNotVisible extends RuntimeException {

    public OperationNotVisible(String message) {
        super(message);
    }
}
