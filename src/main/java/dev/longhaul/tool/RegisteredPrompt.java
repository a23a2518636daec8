package dev.longhaul.tool;

import dev.longhaul.types.InputType;
import dev.longhaul.types.InputTypes;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import tools.jackson.databind.JsonNode;

/// A prompt with its description and the schema of its arguments.
public final class RegisteredPrompt {

    private final PromptType type;
    private final Prompt<Object> prompt;
    private final InputType<?> arguments;

    private RegisteredPrompt(PromptType type, Prompt<Object> prompt, InputType<?> arguments) {
        this.type = type;
        this.prompt = prompt;
        this.arguments = arguments;
    }

    @SuppressWarnings("unchecked")
    static RegisteredPrompt of(Prompt<?> prompt, InputTypes inputs) {
        var declared = AopUtils.getTargetClass(prompt);
        var type = AnnotatedElementUtils.findMergedAnnotation(declared, PromptType.class);
        if (type == null || !type.value().matches("[a-z][a-z0-9_]{0,63}")) {
            throw new IllegalStateException(declared.getName()
                    + " needs @PromptType with a name of lower case letters, digits and underscores");
        }
        var arguments = ResolvableType.forClass(declared).as(Prompt.class).getGeneric(0).resolve();
        if (arguments == null || !arguments.isRecord()) {
            throw new IllegalStateException("the arguments of prompt " + type.value()
                    + " must be a record of texts, not " + arguments);
        }
        return new RegisteredPrompt(type, (Prompt<Object>) prompt, inputs.of(arguments));
    }

    public String name() {
        return type.value();
    }

    public PromptType type() {
        return type;
    }

    /// JSON Schema of an object with texts.
    public JsonNode arguments() {
        return arguments.schema();
    }

    /// @throws dev.longhaul.types.InvalidInput if `given` does not fit
    public Prompt.Said get(JsonNode given, ToolCall call) throws Exception {
        return prompt.get(arguments.read(given), call);
    }
}
