package dev.longhaul.mcp.rpc;

/// Somebody asked about an operation that there is not, or not for them.
public class NoSuchOperation extends RuntimeException {

    public NoSuchOperation(String message) {
        super(message);
    }
}
