package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.tasks.ElicitationForms;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Text;
import dev.longhaul.tool.Capability;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The context of a call, for its tool.
public final class CallContext implements ToolCall {

    private final ClientProfile client;
    private final McpExchange exchange;
    private final ObjectNode meta;
    private final InputTypes inputs;
    private final Map<String, JsonNode> answers = new HashMap<>();
    private @Nullable JsonNode state;
    private double lastProgress = -1;
    private @Nullable Function<Operation, String> eventIds;

    public CallContext(ClientProfile client, McpExchange exchange, ObjectNode meta, InputTypes inputs) {
        this.client = client;
        this.exchange = exchange;
        this.meta = meta;
        this.inputs = inputs;
    }

    /// Adds the client's answers to the previous round.
    public void proceed(Map<String, JsonNode> answers, @Nullable JsonNode state) {
        this.answers.putAll(answers);
        this.state = state;
    }

    @Override
    public Caller caller() {
        return client.caller();
    }

    /// Of the call, else of its HTTP request.
    @Override
    public @Nullable String traceParent() {
        return meta.path("traceparent").isString() ? meta.path("traceparent")
                .asString() : exchange.header("traceparent");
    }

    @Override
    public boolean can(Capability capability) {
        return client.can().contains(capability);
    }

    @Override
    public Map<String, JsonNode> answers() {
        return Map.copyOf(answers);
    }

    @Override
    public ObjectNode formOf(Class<?> form) {
        return ElicitationForms.flat(inputs.of(form).schema());
    }

    @Override
    public <T> Optional<T> form(String key, Class<T> form) {
        var answer = answers.get(key);
        if (answer == null || !answer.path("action").asString("").equals("accept")
                || !answer.path("content").isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(inputs.of(form).read(answer.path("content")));
        } catch (InvalidInput wrong) {
            return Optional.empty();
        }
    }

    @Override
    public @Nullable JsonNode state() {
        return state;
    }

    /// The protocol requires progress to grow with every notification.
    @Override
    public synchronized void progress(double done, double total, String message) {
        if (wantsProgress() && done > lastProgress) {
            lastProgress = done;
            exchange.notify("notifications/progress", params(done, total, message));
        }
    }

    /// Progress of an operation, with an event id from which the client can resume.
    synchronized void progress(Operation operation) {
        var progress = operation.progress();
        if (wantsProgress() && progress.percent() > lastProgress) {
            lastProgress = progress.percent();
            exchange.send(eventIds == null ? null : eventIds.apply(operation),
                    McpExchange.notification("notifications/progress",
                    params(progress.percent(), 100, progress.message() == null
                    ? operation.status().word() : progress.message())));
        }
    }

    /// @param eventIds event id for a version of the operation
    public void resumable(Function<Operation, String> eventIds) {
        this.eventIds = eventIds;
    }

    boolean wantsProgress() {
        return isToken(meta.path("progressToken")) && exchange.canStream() && !client.isPlain();
    }

    private ObjectNode params(double done, double total, String message) {
        var params = inputs.json().createObjectNode();
        params.set("progressToken", meta.path("progressToken"));
        params.put("progress", done);
        if (total > 0) {
            params.put("total", total);
        }
        return params.put("message", Text.cleaned(message, 2_000));
    }

    private static boolean isToken(JsonNode token) {
        return token.isString() || token.isIntegralNumber();
    }

    @Override
    public void log(Level level, Object data) {
        if (client.logLevel() != null && level.compareTo(client.logLevel()) >= 0 && exchange.canStream()) {
            var params = inputs.json().createObjectNode().put("level", level.word()).put("logger", "longhaul");
            params.set("data", inputs.json().valueToTree(data));
            exchange.notify("notifications/message", params);
        }
    }
}
