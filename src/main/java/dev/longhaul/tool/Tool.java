package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A function that a model calls and that responds at once.
///
/// @param <A> the arguments: a record, whose components become the JSON Schema; or `ObjectNode`, with a schema of its
///     own
/// @param <R> the result: a record, which becomes the structured content and its schema; or a [ToolReply]
public interface Tool<A, R> {

    /// Runs on a virtual thread. The message of a checked exception, an IllegalArgumentException or an
    /// IllegalStateException reaches the caller; of any other exception it does not.
    ///
    /// @return null: an empty result
    @Nullable R call(A arguments, ToolCall call) throws Exception;

    /// A JSON Schema of the arguments, of type `object`, instead of the one derived from `A`; then `A` must be
    /// `ObjectNode`.
    default @Nullable JsonNode inputSchema() {
        return null;
    }

    /// Appended to the description at run time.
    default String addendum() {
        return "";
    }
}
