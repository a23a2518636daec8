package dev.longhaul.tool;

import dev.longhaul.operation.Caller;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One call of a tool, a prompt or a resource: caller, answers so far, and notifications to the client.
public interface ToolCall {

    Caller caller();

    /// W3C trace context of the call, for [dev.longhaul.operation.Submission#withTraceParent]; null: none.
    @Nullable String traceParent();

    /// Whether the client has declared the capability for this call.
    boolean can(Capability capability);

    /// Refuses the call if the client has not declared the capability.
    default void require(Capability capability) {
        if (!can(capability)) {
            throw new MissingCapability(capability);
        }
    }

    /// The client's answers to the requests of [InputRequired], by key, also unrequested ones.
    Map<String, JsonNode> answers();

    /// The client's unchecked answer to a request.
    default Optional<JsonNode> answer(String key) {
        return Optional.ofNullable(answers().get(key));
    }

    /// A form with a field for each component of a record, for [InputRequired#form].
    ObjectNode formOf(Class<?> form);

    /// The form, if the person has filled it in and it fits. Empty: not requested yet, declined, dismissed or invalid.
    ///
    /// @param form a record
    <T> Optional<T> form(String key, Class<T> form);

    /// The state of the previous [InputRequired] of this call, signed on its way through the client. Null: the first
    /// round.
    @Nullable JsonNode state();

    /// Notifies the client of progress, if it wants it. `done` must grow.
    ///
    /// @param total 0: unknown
    void progress(double done, double total, String message);

    /// Sends a log message to the client, if it wants its level.
    ///
    /// @param data text, or anything Jackson writes
    void log(Level level, Object data);

    /// Severity of a log message.
    enum Level {
        DEBUG, INFO, NOTICE, WARNING, ERROR, CRITICAL, ALERT, EMERGENCY;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
