package dev.longhaul.operation;

import java.util.Locale;

/// What a waiting operation waits for; meanwhile it holds no thread.
public enum WaitReason {

    /// A moment.
    TIME,
    /// Somebody's answer to its question.
    ANSWER,
    /// Its children.
    OPERATIONS;

    /// As the database and every interface spell it, e.g. `answer`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static WaitReason parse(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
