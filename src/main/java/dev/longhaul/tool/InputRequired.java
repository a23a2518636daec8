package dev.longhaul.tool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The call needs input from the client; then it is repeated with the answers.
///
/// @param requests may be empty: then the call is only repeated
/// @param state    returned with the answers, signed: anything Jackson writes; null: none
public record InputRequired(List<Request> requests, @Nullable Object state) implements ToolReply {

    /// @param key    names the answer; unique within the call
    /// @param method of the protocol
    public record Request(String key, Capability capability, String method, ObjectNode params) {}

    public static InputRequired nothing() {
        return new InputRequired(List.of(), null);
    }

    /// Asks a person to fill in a form.
    ///
    /// @param schema JSON Schema of an object whose properties are text, numbers, yes or no, or choices
    public InputRequired form(String key, String message, ObjectNode schema) {
        var params = object().put("mode", "form").put("message", message);
        params.set("requestedSchema", schema);
        return and(new Request(key, Capability.ELICITATION, "elicitation/create", params));
    }

    /// Sends a person to a page, for input that the client must not see.
    public InputRequired page(String key, String message, String url) {
        return and(new Request(key, Capability.URL_ELICITATION, "elicitation/create",
                object().put("mode", "url").put("message", message).put("url", url).put("elicitationId", key)));
    }

    /// Asks the client's model.
    public InputRequired sampling(String key, String prompt, int maxTokens) {
        var params = object().put("maxTokens", maxTokens);
        params.putArray("messages").addObject().put("role", "user").putObject("content").put("type", "text")
                .put("text", prompt);
        return and(new Request(key, Capability.SAMPLING, "sampling/createMessage", params));
    }

    /// Asks for the folders that the client works in.
    public InputRequired roots(String key) {
        return and(new Request(key, Capability.ROOTS, "roots/list", object()));
    }

    public InputRequired keeping(Object state) {
        return new InputRequired(requests, state);
    }

    private InputRequired and(Request request) {
        var all = new ArrayList<>(requests);
        all.add(request);
        return new InputRequired(List.copyOf(all), state);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
