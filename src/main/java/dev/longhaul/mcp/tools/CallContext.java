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

/// A call as its tool sees it.
public final class CallContext implements ToolCall {

    private final ClientProfile client;
    private final McpExchange exchange;
    private final ObjectNode meta;
    private final InputTypes inputs;
    private final Map<String, JsonNode> answers = new HashMap<>();
    private @Nullable JsonNode state;
    private double lastProgress = -1;
    private @Nullable Function<Operation, String> places;

    public CallContext(ClientProfile client, McpExchange exchange, ObjectNode meta, InputTypes inputs) {
        this.client = client;
        this.exchange = exchange;
        this.meta = meta;
        this.inputs = inputs;
    }

    /// What the client said to the round before.
    public void goOn(Map<String, JsonNode> answers, @Nullable JsonNode state) {
        this.answers.putAll(answers);
        this.state = state;
    }

    @Override
    public Caller caller() {
        return client.caller();
    }

    /// The call's own, else that of the HTTP request it came in.
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

    /// The protocol wants it to grow with every word.
    @Override
    public synchronized void progress(double done, double total, String message) {
        if (wantsProgress() && done > lastProgress) {
            lastProgress = done;
            exchange.notify("notifications/progress", params(done, total, message));
        }
    }

    /// Progress of an operation, from which the client may go on when the connection is lost.
    synchronized void progress(Operation operation) {
        var progress = operation.progress();
        if (wantsProgress() && progress.percent() > lastProgress) {
            lastProgress = progress.percent();
            exchange.send(places == null ? null : places.apply(operation),
                    McpExchange.notification("notifications/progress",
                    params(progress.percent(), 100, progress.message() == null
                    ? operation.status().word() : progress.message())));
        }
    }

    /// @param places the ids of the events that tell of an operation
    public void resumable(Function<Operation, String> places) {
        this.places = places;
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
