package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.tools.CallScope;
import dev.longhaul.mcp.tools.SessionCalls;
import dev.longhaul.operation.Operation;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// Tool calls of clients with sessions.
@Component
class LegacyCalls implements SessionCalls {

    private final LegacyTaskMethods tasks;
    private final Cancellations cancellations;
    private final StreamedElicitations elicitations;
    private final ResumePoints resumePoints;

    LegacyCalls(LegacyTaskMethods tasks, Cancellations cancellations, StreamedElicitations elicitations,
            ResumePoints resumePoints) {
        this.tasks = tasks;
        this.cancellations = cancellations;
        this.elicitations = elicitations;
        this.resumePoints = resumePoints;
    }

    @Override
    public boolean hasTasks(ClientProfile client) {
        return LegacyTaskMethods.isSpokenBy(client);
    }

    @Override
    public boolean asksForTask(CallScope scope) {
        return hasTasks(scope.client()) && scope.request().params().path("task").isObject();
    }

    @Override
    public @Nullable ObjectNode task(Operation operation, CallScope scope) {
        return tasks.created(operation, scope.client());
    }

    @Override
    public Registration register(CallScope scope, Runnable cancel) {
        return cancellations.register(scope, cancel);
    }

    @Override
    public boolean isResumable(CallScope scope) {
        return resumePoints.isResumable(scope);
    }

    @Override
    public void prime(Operation operation, CallScope scope) {
        resumePoints.prime(operation, scope);
    }

    @Override
    public InputRequestSender sender(ClientProfile client, McpExchange exchange) {
        return elicitations.sender(client, exchange, false);
    }
}
