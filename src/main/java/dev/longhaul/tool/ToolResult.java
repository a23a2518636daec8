package dev.longhaul.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of a call.
///
/// @param content    for the model and its user
/// @param structured for programs: anything Jackson writes as an object; null: none
/// @param isError    the tool failed; the content has the reason
public record ToolResult(List<Content> content, @Nullable Object structured, boolean isError) implements ToolReply {

    public static ToolResult of(Content... content) {
        return new ToolResult(List.of(content), null, false);
    }

    public static ToolResult text(String text) {
        return of(new Content.Text(text));
    }

    public static ToolResult error(String why) {
        return new ToolResult(List.of(new Content.Text(why)), null, true);
    }
}
