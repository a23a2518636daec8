package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;

/// A part of a result or of a prompt.
public sealed interface Content {

    record Text(String text) implements Content {}

    record Image(byte[] data, String mimeType) implements Content {}

    record Audio(byte[] data, String mimeType) implements Content {}

    /// A resource with its contents.
    record Embedded(Contents contents) implements Content {}

    /// A link to a resource.
    record Link(String uri, String name, @Nullable String description, @Nullable String mimeType) implements Content {}
}
