package dev.longhaul.bulk;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Text;
import dev.longhaul.query.Filter;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operations that a bulk change is for, the reason, and the tags of a [BulkAction#TAG].
public record BulkInput(
        @NotBlank @JsonPropertyDescription("e.g. status:failed type:report.* created>-24h") String filter,
        @Size(max = 500) @JsonPropertyDescription("For the history of each operation") @Nullable String reason,
        @Min(1) @JsonPropertyDescription("Maximum number, the newest first; default: all") @Nullable Long limit,
        @Size(max = 20) @JsonPropertyDescription("Tags to add; only for bulk_tag") @Nullable List<String> add,
        @Size(max = 20) @JsonPropertyDescription("Tags to remove; only for bulk_tag") @Nullable List<String> remove) {

    public BulkInput {
        parsed(filter, Instant.now());
    }

    static Filter parsed(String text, Instant start) {
        var filter = Filter.parse(text, start);
        if (filter.terms().isEmpty()) {
            throw new IllegalArgumentException("filter must have a condition, or it would find all operations");
        }
        return filter;
    }

    List<String> added() {
        return add == null ? List.of() : add;
    }

    List<String> removed() {
        return remove == null ? List.of() : remove;
    }

    /// @throws IllegalArgumentException if the tags do not fit the action, or contradict each other
    void requireFor(BulkAction action) {
        var isEmpty = added().isEmpty() && removed().isEmpty();
        if (action != BulkAction.TAG) {
            if (!isEmpty) {
                throw new IllegalArgumentException("add and remove are for bulk_tag, not for " + action.type());
            }
            return;
        }
        if (isEmpty) {
            throw new IllegalArgumentException("expected tags in add or remove, found none");
        }
        Labels.checked(added(), Labels.NONE.metadata());
        Labels.checked(removed(), Labels.NONE.metadata());
        added().stream().filter(removed()::contains).findFirst().ifPresent(tag -> {
            throw new IllegalArgumentException("tag " + Text.quoted(tag) + " is in add and in remove");
        });
    }
}
