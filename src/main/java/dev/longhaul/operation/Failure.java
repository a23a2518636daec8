package dev.longhaul.operation;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/// Why an attempt failed. Bounded and clean, whatever the exception said: the path of failures must not fail itself.
///
/// @param type    the exception's class, or a word of ours such as `worker_lost`
/// @param message for people
/// @param trace   the stack trace, at most 8,000 characters; for operators, not shown to callers
public record Failure(String type, String message, @Nullable String trace) {

    private static final int MESSAGE_LIMIT = 4_000;
    private static final int TRACE_LIMIT = 8_000;

    public Failure {
        message = Text.cleaned(message, MESSAGE_LIMIT);
        trace = trace == null ? null : Text.cleaned(trace, TRACE_LIMIT);
    }

    public static Failure of(String type, String message) {
        return new Failure(type, message, null);
    }

    public static Failure of(Throwable thrown) {
        return new Failure(thrown.getClass().getName(), messageOf(thrown), traceOf(thrown));
    }

    private static String messageOf(Throwable thrown) {
        try {
            var message = thrown.getMessage();
            return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
        } catch (RuntimeException | StackOverflowError itself) {
            return thrown.getClass().getSimpleName() + ", whose message could not be read";
        }
    }

    private static @Nullable String traceOf(Throwable thrown) {
        try {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError itself) {
            return null;
        }
    }
}
