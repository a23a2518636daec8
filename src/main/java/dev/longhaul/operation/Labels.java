package dev.longhaul.operation;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Labels to search operations by. The engine ignores them; they may be changed at any time.
///
/// @param tags     at most 20, each without a comma and at most 100 characters, e.g. `nightly`
/// @param metadata a JSON object of at most 16 KB, e.g. `{"tenant": "acme"}`
public record Labels(List<String> tags, JsonNode metadata) {

    public static final Labels NONE = new Labels(List.of(), JsonNodeFactory.instance.objectNode());
    public static final int MAX_TAGS = 20;
    private static final int MAX_METADATA_LENGTH = 16 * 1024;

    public Labels {
        tags = List.copyOf(tags);
    }

    /// Checks labels from a caller. The constructor does not check, because each read of a row calls it.
    ///
    /// @throws IllegalArgumentException if a tag or the metadata is invalid
    public static Labels checked(List<String> given, JsonNode metadata) {
        var tags = given.stream().distinct().toList();
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException("an operation has at most " + MAX_TAGS + " tags, not " + tags.size());
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
        if (metadata.toString().length() > MAX_METADATA_LENGTH) {
            throw new IllegalArgumentException("metadata must be at most " + MAX_METADATA_LENGTH
                    + " characters of JSON, not " + metadata.toString().length());
        }
        return new Labels(tags, metadata);
    }
}
