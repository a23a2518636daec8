package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What revisions with sessions add to a tool call that an operation serves. `mcp.legacy` implements it as a bean; the
/// defaults are for clients without sessions.
public interface SessionCalls {

    /// Whether the client's revision has tasks of its own.
    default boolean hasTasks(ClientProfile client) {
        return false;
    }

    /// The response with a task, if the call asks for one. Null: it does not.
    default @Nullable ObjectNode task(Operation operation, CallScope scope) {
        return null;
    }

    default boolean asksForTask(CallScope scope) {
        return false;
    }

    /// Registers a call that the client may cancel by a notification.
    default Registration register(CallScope scope, Runnable cancel) {
        return () -> { };
    }

    /// Ends the registration.
    interface Registration extends AutoCloseable {

        @Override
        void close();
    }

    /// Whether the client can resume the call's stream after a lost connection.
    default boolean isResumable(CallScope scope) {
        return false;
    }

    /// Gives the events of a resumable stream the ids from which the client resumes.
    default void prime(Operation operation, CallScope scope) {
    }

    /// Sends input requests on the call's stream, each once.
    default InputRequestSender sender(ClientProfile client, McpExchange exchange) {
        return (_, _) -> false;
    }

    /// Sends input requests of an operation to a client.
    interface InputRequestSender {

        /// @return whether a person has been asked
        boolean send(Operation operation, List<InputRequest> open);
    }
}
