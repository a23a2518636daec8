package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Something a model can call that answers at once.
///
/// @param <A> the arguments: a record, whose components become the JSON Schema; or `ObjectNode`, with a schema of its
///     own
/// @param <R> the result: a record, which becomes the structured content and its schema; or a [ToolReply]
public interface Tool<A, R> {

    /// Runs on a virtual thread of its own. A checked exception, an IllegalArgumentException or an
    /// IllegalStateException is told to the caller by its message; any other is a defect, and told as such.
    ///
    /// @return null: nothing to say
    @Nullable R call(A arguments, ToolCall call) throws Exception;

    /// A JSON Schema of the arguments, of type `object`, instead of the one derived from `A`; then `A` must be
    /// `ObjectNode`.
    default @Nullable JsonNode inputSchema() {
        return null;
    }

    /// What only the running service knows, to be added to the description.
    default String addendum() {
        return "";
    }
}
