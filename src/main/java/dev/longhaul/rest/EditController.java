package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.EditStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Changes what people find an operation by, and how urgent it is.
@RestController
class EditController {

    private final EditStore store;
    private final Preconditions guard;
    private final OperationResponse answer;

    EditController(EditStore store, Preconditions guard, OperationResponse answer) {
        this.store = store;
        this.guard = guard;
        this.answer = answer;
    }

    record OperationPatch(@JsonPropertyDescription("-100 to 100, higher first") @Min(-100) @Max(
            100) @Nullable Integer priority,
                 @JsonPropertyDescription("Instead of those there are") @Size(max = 20) @Nullable List<String> tags,
                 @JsonPropertyDescription(
                         "Merged into what is there, null takes a member away (RFC 7396)") @Nullable ObjectNode metadata,
                 @JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {

        EditStore.Edit of(Operation operation) {
            var labels = operation.labels();
            return new EditStore.Edit(priority == null ? operation.priority() : priority,
                    Labels.given(tags == null ? labels.tags() : tags, metadata == null
                    ? labels.metadata() : merged((ObjectNode) labels.metadata(), metadata)), reason);
        }

        private static ObjectNode merged(ObjectNode target, ObjectNode patch) {
            var merged = target.deepCopy();
            patch.forEachEntry((name, value) -> {
                if (value.isNull()) {
                    merged.remove(name);
                } else if (value instanceof ObjectNode object) {
                    merged.set(name, merged(merged.get(name) instanceof ObjectNode there
                            ? there : JsonNodeFactory.instance.objectNode(), object));
                } else {
                    merged.set(name, value);
                }
            });
            return merged;
        }
    }

    @Endpoint(value = "Changes the priority, tags or metadata of an operation", problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.VERSION_MISMATCH}, description = """
            A merge patch (RFC 7396): what is left out stays as it is. With `If-Match` only if it is still that version. A patch that changes nothing writes nothing.""")
    @PatchMapping("/api/v1/operations/{id}")
    ResponseEntity<OperationResponse.OperationResource> edit(@PathVariable String id, @JsonBody OperationPatch patch,
                                              @RequestHeader(name = "If-Match",
                                              required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        return answer.ok(guard.guarded(operationId, ifMatch, () -> store.edit(operationId, patch::of, caller)
                .orElseThrow(() -> new OperationNotFound(operationId))));
    }
}
