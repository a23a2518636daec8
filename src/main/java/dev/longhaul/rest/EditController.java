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
import dev.longhaul.web.OperationView;
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

/// Edits the priority, tags and metadata of an operation.
@RestController
class EditController {

    private final EditStore store;
    private final Preconditions preconditions;
    private final OperationResponse response;

    EditController(EditStore store, Preconditions preconditions, OperationResponse response) {
        this.store = store;
        this.preconditions = preconditions;
        this.response = response;
    }

    record OperationPatch(
            @JsonPropertyDescription("-100 to 100, higher first") @Min(-100) @Max(100) @Nullable Integer priority,
            @JsonPropertyDescription("Replaces the present tags") @Size(max = 20) @Nullable List<String> tags,
            @JsonPropertyDescription("Merged into the present metadata; null removes a member (RFC 7396)")
            @Nullable ObjectNode metadata,
            @JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {

        EditStore.Edit of(Operation operation) {
            var labels = operation.labels();
            return new EditStore.Edit(priority == null ? operation.priority() : priority,
                    Labels.checked(tags == null ? labels.tags() : tags, metadata == null
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

    @Endpoint(value = "Edit the priority, tags or metadata of an operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.VERSION_MISMATCH}, description = """
            A merge patch (RFC 7396): members that are left out stay as they are. With `If-Match` only if it is still
            that version. A patch without a change writes nothing.""")
    @PatchMapping("/api/v1/operations/{id}")
    ResponseEntity<OperationView> editOperation(@PathVariable String id, @JsonBody OperationPatch patch,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, Caller caller) {
        var operationId = OperationId.parse(id);
        return response.ok(preconditions.guarded(operationId, ifMatch, () -> store.edit(operationId, patch::of, caller)
                .orElseThrow(() -> new OperationNotFound(operationId))));
    }
}
