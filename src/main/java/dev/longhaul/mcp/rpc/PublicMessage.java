package dev.longhaul.mcp.rpc;

/// What a caller is told of an exception of a user's code. A checked exception was meant to be told, and so was a
/// refused argument or state; any other is a defect, whose message may name what is inside.
public final class PublicMessage {

    private PublicMessage() {
    }

    /// @param what for a defect, e.g. `the tool failed`
    public static String of(Exception thrown, String what) {
        var isMeant = !(thrown instanceof RuntimeException) || thrown instanceof IllegalArgumentException
                || thrown.getClass() == IllegalStateException.class;
        return isMeant && thrown.getMessage() != null && !thrown.getMessage().isBlank() ? thrown.getMessage() : what
                + "; the service's log says more";
    }
}
