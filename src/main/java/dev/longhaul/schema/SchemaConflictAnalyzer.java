package dev.longhaul.schema;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Prints message and remedy instead of a stack trace. Registered in META-INF/spring.factories.
class SchemaConflictAnalyzer extends AbstractFailureAnalyzer<SchemaConflict> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SchemaConflict cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
    }
}
