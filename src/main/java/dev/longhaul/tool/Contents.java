package dev.longhaul.tool;

import org.jspecify.annotations.Nullable;

/// The contents of a resource: text or bytes.
///
/// @param blob null: it is text
public record Contents(String uri, String mimeType, @Nullable String text, byte @Nullable [] blob) {

    public static Contents text(String uri, String mimeType, String text) {
        return new Contents(uri, mimeType, text, null);
    }

    public static Contents bytes(String uri, String mimeType, byte[] blob) {
        return new Contents(uri, mimeType, null, blob);
    }
}
