package dev.longhaul.bulk;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Labels;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which operations get or lose which tags, and why.
record BulkTagInput(
        @NotBlank @JsonPropertyDescription(
        "Which operations, e.g. status:failed type:report.* created>-24h") String filter,
        @Size(max = 500) @JsonPropertyDescription("Why, for the history of each") @Nullable String reason,
        @Min(1) @JsonPropertyDescription("At most so many, the newest first; default: all") @Nullable Long limit,
        @Size(max = 20) @JsonPropertyDescription("Tags that each gets") @Nullable List<String> add,
        @Size(max = 20) @JsonPropertyDescription("Tags that each loses") @Nullable List<String> remove)
                implements BulkSelection {

    BulkTagInput {
        BulkOperations.filter(filter, Instant.now());
        BulkOperations.tags(add, remove);
    }

    List<String> added() {
        return add == null ? List.of() : add;
    }

    List<String> removed() {
        return remove == null ? List.of() : remove;
    }
}
