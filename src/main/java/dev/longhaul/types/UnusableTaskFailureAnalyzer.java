package dev.longhaul.types;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Prints a sentence instead of a stack trace when a task or a tool has a schema that cannot be used. Registered in
/// META-INF/spring.factories.
class UnusableTaskFailureAnalyzer extends AbstractFailureAnalyzer<UnusableTask> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableTask cause) {
        return new FailureAnalysis(cause.getMessage(), "Correct its schema in the code, then start again.", cause);
    }
}
