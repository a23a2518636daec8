package dev.longhaul.tool;

import dev.longhaul.types.InputType;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidSchema;
import dev.longhaul.types.UnusableTask;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A tool with its description and the schemas of its arguments and its result.
public final class RegisteredTool {

    private final ToolType type;
    private final Tool<Object, ?> tool;
    private final InputType<?> arguments;
    private final @Nullable JsonNode outputSchema;

    private RegisteredTool(ToolType type, Tool<Object, ?> tool, InputType<?> arguments,
            @Nullable JsonNode outputSchema) {
        this.type = type;
        this.tool = tool;
        this.arguments = arguments;
        this.outputSchema = outputSchema;
    }

    @SuppressWarnings("unchecked")
    static RegisteredTool of(Tool<?, ?> tool, InputTypes inputs) {
        var declared = AopUtils.getTargetClass(tool);
        var type = AnnotatedElementUtils.findMergedAnnotation(declared, ToolType.class);
        if (type == null || !type.value().matches("[a-z][a-z0-9_]{0,63}")) {
            throw new IllegalStateException(declared.getName()
                    + " needs @ToolType with a name of lower case letters, digits and underscores");
        }
        var generics = ResolvableType.forClass(declared).as(Tool.class);
        return new RegisteredTool(type, (Tool<Object, ?>) tool, arguments(type.value(), tool, generics.getGeneric(0),
                inputs),
                outputSchema(generics.getGeneric(1), inputs));
    }

    private static InputType<?> arguments(String name, Tool<?, ?> tool, ResolvableType given, InputTypes inputs) {
        var schema = tool.inputSchema();
        var type = given.resolve();
        if (schema == null ? type == null || !type.isRecord() : type != ObjectNode.class) {
            throw new IllegalStateException("the arguments of " + tool.getClass().getName()
                    + " must be a record, or ObjectNode with a schema of its own, not " + type);
        }
        try {
            return schema == null ? inputs.of(type) : inputs.of(schema);
        } catch (InvalidSchema unusable) {
            throw new UnusableTask("the tool " + name, unusable);
        }
    }

    private static @Nullable JsonNode outputSchema(ResolvableType result, InputTypes inputs) {
        var type = result.resolve();
        return type != null && type.isRecord() && !ToolReply.class.isAssignableFrom(type)
                ? inputs.schemaOfOutput(type) : null;
    }

    public String name() {
        return type.value();
    }

    public ToolType type() {
        return type;
    }

    public Tool<?, ?> tool() {
        return tool;
    }

    /// JSON Schema 2020-12.
    public JsonNode inputSchema() {
        return arguments.schema();
    }

    /// JSON Schema 2020-12 of the structured content; null: none, or not always the same.
    public @Nullable JsonNode outputSchema() {
        return outputSchema;
    }

    /// @throws dev.longhaul.types.InvalidInput if `given` does not fit
    public @Nullable Object call(JsonNode given, ToolCall call) throws Exception {
        return tool.call(arguments.read(given), call);
    }
}
