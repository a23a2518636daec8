package dev.longhaul.embedded;

import org.jspecify.annotations.Nullable;

/// A failure of the embedded PostgreSQL: the message states the fault, the remedy states what to do.
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
