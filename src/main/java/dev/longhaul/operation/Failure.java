package dev.longhaul.operation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why an attempt failed. All texts are cleaned and cut, because recording a failure must not fail.
///
/// @param type    class of the exception, or a code of the service such as `worker_lost`; at most 200 characters
/// @param message for people, at most 4,000 characters
/// @param causes  causes of the exception, nearest first, at most 10
/// @param trace   stack trace for operators, at most 8,000 characters; not shown to callers
public record Failure(String type, String message, List<Cause> causes, @Nullable String trace) {

    private static final int TYPE_LIMIT = 200;
    private static final int MESSAGE_LIMIT = 4_000;
    private static final int TRACE_LIMIT = 8_000;
    private static final int MAX_CAUSES = 10;

    public record Cause(String type, String message) {

        public Cause {
            type = Text.cleaned(type, TYPE_LIMIT);
            message = Text.cleaned(message, 1_000);
        }
    }

    public Failure {
        causes = List.copyOf(causes);
        type = Text.cleaned(type, TYPE_LIMIT);
        message = Text.cleaned(message, MESSAGE_LIMIT);
        trace = trace == null ? null : Text.cleaned(trace, TRACE_LIMIT);
    }

    public static Failure of(String type, String message) {
        return new Failure(type, message, List.of(), null);
    }

    public static Failure of(Throwable thrown) {
        return of(thrown, Redactor.NONE);
    }

    /// @param secrets masked in all texts before they are cut
    public static Failure of(Throwable thrown, Redactor secrets) {
        return of(typeOf(thrown), messageOf(thrown), causesOf(thrown, secrets), traceOf(thrown), secrets);
    }

    /// As [#of(Throwable, Redactor)], of texts.
    public static Failure of(String type, String message, @Nullable String trace, Redactor secrets) {
        return of(type, message, List.of(), trace, secrets);
    }

    private static Failure of(String type, String message, List<Cause> causes, @Nullable String trace,
            Redactor secrets) {
        return new Failure(secrets.redact(type), secrets.redact(message), causes,
                trace == null ? null : secrets.redact(trace));
    }

    private static List<Cause> causesOf(Throwable thrown, Redactor secrets) {
        var causes = new ArrayList<Cause>();
        for (var cause = thrown.getCause(); cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(new Cause(secrets.redact(typeOf(cause)), secrets.redact(messageOf(cause))));
        }
        return causes;
    }

    private static String typeOf(Throwable thrown) {
        return thrown.getClass().getName();
    }
    private static String messageOf(Throwable thrown) {
        try {
            var message = thrown.getMessage();
            return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
        } catch (RuntimeException | StackOverflowError unreadable) {
            return thrown.getClass().getSimpleName() + " (its message cannot be read)";
        }
    }

    private static @Nullable String traceOf(Throwable thrown) {
        try {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError unreadable) {
            return null;
        }
    }
}
