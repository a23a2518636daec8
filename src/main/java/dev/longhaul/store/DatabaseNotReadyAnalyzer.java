package dev.longhaul.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Prints message and remedy instead of a stack trace. Registered in META-INF/spring.factories.
class DatabaseNotReadyAnalyzer extends AbstractFailureAnalyzer<DatabaseNotReady> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DatabaseNotReady cause) {
        return new FailureAnalysis(cause.getMessage(),
                "Check spring.datasource.url and that PostgreSQL runs. longhaul.database.start-timeout is the longest "
                + "wait at the start.", cause);
    }
}
