package dev.longhaul.mcp.rpc;

import dev.longhaul.tool.Content;
import dev.longhaul.tool.Contents;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Content in the protocol's JSON.
public final class ContentJson {

    private ContentJson() {
    }

    /// @param revision of the client: content that it does not have is sent in another form; null: the newest
    public static ObjectNode json(Content content, @Nullable ProtocolRevision revision) {
        return switch (content) {
            case Content.Audio audio when isOlder(revision, ProtocolRevision.V2025_03_26) ->
                    json(new Content.Embedded(Contents.bytes("urn:longhaul:audio", audio.mimeType(), audio.data())));
            case Content.Link link when isOlder(revision, ProtocolRevision.V2025_06_18) ->
                    json(new Content.Text(link.name() + ": " + link.uri() + (link.description() == null
                            ? "" : " (" + link.description() + ")")));
            default -> json(content);
        };
    }

    private static boolean isOlder(@Nullable ProtocolRevision revision, ProtocolRevision than) {
        return revision != null && !revision.isAtLeast(than);
    }

    private static ObjectNode json(Content content) {
        var json = JsonNodeFactory.instance.objectNode();
        return switch (content) {
            case Content.Text text -> json.put("type", "text").put("text", text.text());
            case Content.Image image -> json.put("type", "image").put("data", base64(image.data()))
                    .put("mimeType", image.mimeType());
            case Content.Audio audio -> json.put("type", "audio").put("data", base64(audio.data()))
                    .put("mimeType", audio.mimeType());
            case Content.Embedded embedded -> (ObjectNode) json.put("type", "resource")
                    .set("resource", json(embedded.contents()));
            case Content.Link link -> {
                json.put("type", "resource_link").put("uri", link.uri()).put("name", link.name());
                if (link.description() != null) {
                    json.put("description", link.description());
                }
                yield link.mimeType() == null ? json : json.put("mimeType", link.mimeType());
            }
        };
    }

    public static ObjectNode json(Contents contents) {
        var json = JsonNodeFactory.instance.objectNode().put("uri", contents.uri())
                .put("mimeType", contents.mimeType());
        return contents.blob() == null ? json.put("text", contents.text()) : json.put("blob", base64(contents.blob()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
