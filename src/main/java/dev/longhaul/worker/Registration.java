package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Text;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import dev.longhaul.store.RetryPolicies;
import dev.longhaul.types.InvalidSchema;
import dev.longhaul.types.OperationType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The request body that registers a worker.
record Registration(
        @JsonPropertyDescription("For people and the history, e.g. thumbnails-1") @Size(min = 1, max = 200) String name,
        @JsonPropertyDescription("The task types that it runs") @Size(min = 1, max = 100) List<Type> types,
        @JsonPropertyDescription("From which queues it claims; default: all")
        @Size(min = 1, max = 100) @Nullable List<String> queues,
        @JsonPropertyDescription("How long it may be silent before its operations go to other workers; default: the "
                + "service's, 30")
        @Min(2) @Max(3_600) @Nullable Double leaseSeconds,
        @JsonPropertyDescription("True: one worker of this name exists at a time. Earlier ones are lost, and their "
                + "operations are free at once; default false")
        @Nullable Boolean exclusive) {

    record Type(
            @JsonPropertyDescription("Lower case letters, digits and underscores") @Size(min = 1, max = 64) String type,
            @JsonPropertyDescription("What the task does, when to use it, what it returns: for people, and for "
                    + "models that choose a tool")
            @Size(max = 4_000) @Nullable String description,
            @JsonPropertyDescription("JSON Schema 2020-12 of the input, whose type is object; default: any object")
            @Nullable ObjectNode inputSchema,
            @JsonPropertyDescription("The pauses between attempts, e.g. {\"kind\": \"fixed\", \"delay\": \"PT30S\"}")
            @Nullable ObjectNode retry) {

        RemoteType registered(String pointer) {
            if (!type.matches("[a-z][a-z0-9_]*")) {
                throw new IllegalArgumentException("a type is a name of lower case letters, digits and underscores "
                        + "such as resize_images, not " + Text.quoted(type));
            }
            return new RemoteType(type, description == null ? "" : Text.storable("description", description, 4_000),
                    schema(pointer + "/input_schema"), RetryPolicies.read(retry), 1);
        }

        private ObjectNode schema(String pointer) {
            if (inputSchema == null) {
                return JsonNodeFactory.instance.objectNode().put("type", "object");
            }
            try {
                OperationType.requireUsable(inputSchema);
                return inputSchema;
            } catch (InvalidSchema unusable) {
                throw unusable.within(pointer);
            }
        }
    }

    /// @throws IllegalArgumentException if one type is there twice, or a schema cannot be used
    List<RemoteType> registered() {
        var names = types.stream().map(Type::type).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("a type can be registered once, not " + names);
        }
        return IntStream.range(0, types.size()).mapToObj(index -> types.get(index).registered("/types/" + index))
                .toList();
    }
}
