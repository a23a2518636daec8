package dev.longhaul.operation;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What people find an operation by; it means nothing to the engine, and may be changed at any time.
///
/// @param tags     at most 20, each of at most 100 characters and without a comma, e.g. `nightly`
/// @param metadata a JSON object of at most 16 KB, e.g. `{"tenant": "acme"}`
public record Labels(List<String> tags, JsonNode metadata) {

    public static final Labels NONE = new Labels(List.of(), JsonNodeFactory.instance.objectNode());
    public static final int MOST_TAGS = 20;
    private static final int LONGEST_METADATA = 16 * 1024;

    public Labels {
        tags = List.copyOf(tags);
    }

    /// What a caller gives; rows have what was given once, and are read too often to be judged each time.
    ///
    /// @throws IllegalArgumentException if it could not be found by them, or not be stored
    public static Labels given(List<String> given, JsonNode metadata) {
        var tags = given.stream().distinct().toList();
        if (tags.size() > MOST_TAGS) {
            throw new IllegalArgumentException("an operation has at most " + MOST_TAGS + " tags, not " + tags.size());
        }
        for (var tag : tags) {
            Text.storable("a tag", tag, 100);
            if (tag.isBlank() || tag.contains(",")) {
                throw new IllegalArgumentException("a tag must not be blank and have no comma, not "
                        + Text.quoted(tag));
            }
        }
        if (!metadata.isObject()) {
            throw new IllegalArgumentException("metadata must be a JSON object, not "
                    + Text.quoted(metadata.toString()));
        }
        StorableJson.required("metadata", metadata);
        if (metadata.toString().length() > LONGEST_METADATA) {
            throw new IllegalArgumentException("metadata must be at most " + LONGEST_METADATA
                    + " characters of JSON, not " + metadata.toString().length());
        }
        return new Labels(tags, metadata);
    }
}
