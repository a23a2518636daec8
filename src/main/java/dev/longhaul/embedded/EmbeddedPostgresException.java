package dev.longhaul.embedded;

import org.jspecify.annotations.Nullable;

/// The embedded PostgreSQL could not do what it was asked: one sentence with what was expected and found, and one with
/// what helps.
public class EmbeddedPostgresException extends RuntimeException {

    private final String remedy;

    EmbeddedPostgresException(String sentence, String remedy) {
        this(sentence, remedy, null);
    }

    EmbeddedPostgresException(String sentence, String remedy, @Nullable Throwable cause) {
        super(sentence, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
