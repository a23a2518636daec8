package dev.longhaul.mcp.rpc;

/// The part of an application's exception that reaches the caller. Messages of checked exceptions,
/// IllegalArgumentException and IllegalStateException do; any other message may disclose internals.
public final class PublicMessage {

    private PublicMessage() {
    }

    /// @param what instead of the message, e.g. `the tool failed`
    public static String of(Exception thrown, String what) {
        var isMeant = !(thrown instanceof RuntimeException) || thrown instanceof IllegalArgumentException
                || thrown.getClass() == IllegalStateException.class;
        return isMeant && thrown.getMessage() != null && !thrown.getMessage().isBlank() ? thrown.getMessage() : what
                + "; the service's log has details";
    }
}
