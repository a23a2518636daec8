package dev.longhaul.mcp.conformance;

import dev.longhaul.task.InHeader;
import dev.longhaul.tool.Content;
import dev.longhaul.tool.Contents;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolResult;
import dev.longhaul.tool.ToolType;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tools that the official conformance suite wants of a server: every kind of content, messages, errors, schemas.
class ContentTools {

    static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");
    private static final byte[] SILENCE = Base64.getDecoder()
            .decode("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");

    record Nothing() {}

    record Name(String name) {}

    @ToolType(value = "greet", description = "Greets somebody by name.", readOnly = true)
    static class Greet implements Tool<Name, ToolResult> {
        @Override
        public ToolResult call(Name arguments, ToolCall call) {
            return ToolResult.text("Hello, " + arguments.name() + "!");
        }
    }

    @ToolType(value = "test_simple_text", description = "Returns a text.")
    static class SimpleText implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.text("This is a simple text response for testing.");
        }
    }

    @ToolType(value = "test_image_content", description = "Returns an image.")
    static class Image implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.of(new Content.Image(PIXEL, "image/png"));
        }
    }

    @ToolType(value = "test_audio_content", description = "Returns a sound.")
    static class Audio implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.of(new Content.Audio(SILENCE, "audio/wav"));
        }
    }

    @ToolType(value = "test_resource_link", description = "Returns a link to a resource.")
    static class Linked implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.of(new Content.Link("longhaul://queues", "queues", "How full they are.",
                    "application/json"));
        }
    }

    @ToolType(value = "test_embedded_resource", description = "Returns a resource.")
    static class Embedded implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.of(new Content.Embedded(Contents.text("test://embedded-resource", "text/plain",
                    "This is an embedded resource content.")));
        }
    }

    @ToolType(value = "test_multiple_content_types", description = "Returns a text, an image and a resource.")
    static class Mixed implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.of(new Content.Text("Multiple content types test:"),
                    new Content.Image(PIXEL, "image/png"),
                    new Content.Embedded(Contents.text("test://mixed-content-resource", "application/json",
                    "{\"test\":\"data\",\"value\":123}")));
        }
    }

    @ToolType(value = "test_tool_with_logging", description = "Tells what it does while it does it.")
    static class Logging implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            call.log(ToolCall.Level.INFO, "Tool execution started");
            call.log(ToolCall.Level.INFO, "Tool processing data");
            call.log(ToolCall.Level.INFO, "Tool execution completed");
            return ToolResult.text("Tool with logging executed successfully");
        }
    }

    @ToolType(value = "test_logging_tool", description = "Tells something, to who wants to hear it.")
    static class LoggingOnce extends Logging {}

    @ToolType(value = "test_tool_with_progress", description = "Says how far it is.")
    static class Progress implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            for (var done : new int[] {0, 50, 100}) {
                call.progress(done, 100, "Completed step " + done + " of 100");
            }
            return ToolResult.text("done");
        }
    }

    @ToolType(value = "test_error_handling", description = "Always fails.")
    static class Failing implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) throws Exception {
            throw new Exception("This tool intentionally returns an error for testing");
        }
    }

    @ToolType(value = "test_defect", description = "Has a defect.")
    static class Defective implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            throw new NullPointerException("dev.longhaul.secret.Inside is null");
        }
    }

    record Routed(@InHeader("Region") String region) {}

    @ToolType(value = "test_routed", description = "Is routed by its region.")
    static class InRegion implements Tool<Routed, ToolResult> {
        @Override
        public ToolResult call(Routed arguments, ToolCall call) {
            return ToolResult.text("in " + arguments.region());
        }
    }

    @ToolType(value = "json_schema_2020_12_tool", description = "Has a schema that no record could have.")
    static class OwnSchema implements Tool<ObjectNode, ToolResult> {

        @Override
        public JsonNode inputSchema() {
            return new JsonMapper().readTree("""
                    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                     "$defs": {"address": {"$anchor": "addressDef", "type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
                     "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"},
                                    "contactMethod": {"type": "string", "enum": ["phone", "email"]}, "phone": {"type": "string"}, "email": {"type": "string"}},
                     "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
                     "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
                     "then": {"required": ["phone"]}, "else": {"required": ["email"]}, "additionalProperties": false}""");
        }

        @Override
        public ToolResult call(ObjectNode arguments, ToolCall call) {
            return ToolResult.text("called with " + arguments);
        }
    }
}
