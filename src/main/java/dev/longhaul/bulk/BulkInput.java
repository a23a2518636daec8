package dev.longhaul.bulk;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a bulk change is to be done to, and why.
record BulkInput(
        @NotBlank @JsonPropertyDescription(
        "Which operations, e.g. status:failed type:report.* created>-24h") String filter,
        @Size(max = 500) @JsonPropertyDescription("Why, for the history of each") @Nullable String reason,
        @Min(1) @JsonPropertyDescription("At most so many, the newest first; default: all") @Nullable Long limit)
                implements BulkSelection {

    BulkInput {
        BulkOperations.filter(filter, Instant.now());
    }
}
