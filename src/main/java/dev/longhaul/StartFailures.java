package dev.longhaul;

import dev.longhaul.embedded.EmbeddedPostgresException;
import dev.longhaul.schema.SchemaConflict;
import dev.longhaul.store.DatabaseNotReady;
import dev.longhaul.types.UnusableTask;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/// Prints message and remedy of a failed start instead of a stack trace. Registered in META-INF/spring.factories.
class StartFailures implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var remedy = remedy(cause);
            if (remedy != null) {
                return new FailureAnalysis(cause.getMessage(), remedy, cause);
            }
        }
        return null;
    }

    private static @Nullable String remedy(Throwable cause) {
        return switch (cause) {
            case EmbeddedPostgresException embedded -> embedded.remedy();
            case SchemaConflict conflict -> conflict.remedy();
            case DatabaseNotReady _ -> "Check spring.datasource.url and that PostgreSQL runs. "
                    + "longhaul.database.start-timeout is the longest wait at the start.";
            case UnusableTask _ -> "Correct its schema in the code, then start again.";
            default -> null;
        };
    }
}
