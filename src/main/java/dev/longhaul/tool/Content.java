package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;

/// A piece of an answer or of a prompt.
public sealed interface Content {

    record Text(String text) implements Content {}

    record Image(byte[] data, String mimeType) implements Content {}

    record Audio(byte[] data, String mimeType) implements Content {}

    /// A resource with what it holds.
    record Embedded(Contents contents) implements Content {}

    /// A resource to be read if wanted.
    record Link(String uri, String name, @Nullable String description, @Nullable String mimeType) implements Content {}
}
