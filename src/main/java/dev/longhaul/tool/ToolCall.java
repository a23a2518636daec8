package dev.longhaul.tool;

import dev.longhaul.operation.Caller;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One call of a tool, a prompt or a resource: who calls, what was answered so far, and what to tell the client
/// meanwhile.
public interface ToolCall {

    Caller caller();

    /// W3C trace context of the call, for [dev.longhaul.operation.Submission#withTraceParent]; null: none.
    @Nullable String traceParent();

    /// What the client has declared for this call.
    boolean can(Capability capability);

    /// Refuses the call of a client that has not declared this; it is told what is missing.
    default void require(Capability capability) {
        if (!can(capability)) {
            throw new MissingCapability(capability);
        }
    }

    /// The client's answers to what this call's [InputRequired] asked, by their keys; what a client sent without being
    /// asked is there too.
    Map<String, JsonNode> answers();

    /// The client's answer to the request of that key, as it came.
    default Optional<JsonNode> answer(String key) {
        return Optional.ofNullable(answers().get(key));
    }

    /// A form with a field for each component of a record, for [InputRequired#form].
    ObjectNode formOf(Class<?> form);

    /// The form of that key, if the person has filled it in and it fits. Empty: not asked yet, declined, dismissed, or
    /// wrong: ask (again), or do without.
    ///
    /// @param form a record
    <T> Optional<T> form(String key, Class<T> form);

    /// What the last [InputRequired] of this call left, exactly: it is sealed on its way through the client. Null: this
    /// is the first round.
    @Nullable JsonNode state();

    /// Tells the client how far it is, if it wants to know. Must grow.
    ///
    /// @param total 0: unknown
    void progress(double done, double total, String message);

    /// Tells the client something, if it wants to hear of such things.
    ///
    /// @param data text, or anything Jackson writes
    void log(Level level, Object data);

    /// How important a message is.
    enum Level {
        DEBUG, INFO, NOTICE, WARNING, ERROR, CRITICAL, ALERT, EMERGENCY;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
