package dev.longhaul.bulk;

import org.jspecify.annotations.Nullable;

/// Which operations a bulk change is to be done to, and why.
sealed interface BulkSelection permits BulkInput, BulkTagInput {

    String filter();

    @Nullable String reason();

    /// At most so many, the newest first; null: all.
    @Nullable Long limit();
}
