package dev.longhaul.task;

import dev.longhaul.operation.InputRequest.Kind;
import dev.longhaul.operation.InputRequest.Risk;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An input request to a person, e.g.
/// `Ask.authorization("Send to 1,204 customers?").risk(Risk.HIGH).within(Duration.ofDays(1))`.
///
/// @param action   what is requested, for people
/// @param data     what it is about: anything Jackson writes
/// @param options  the answers to choose from; empty: any
/// @param timeout  how long to wait for an answer; null: no limit
/// @param fallback the answer if none comes in time; null: the operation fails then
public record Ask(Kind kind, String action, @Nullable Object data, List<String> options, @Nullable Risk risk,
        @Nullable Duration timeout, @Nullable Object fallback) {

    /// Yes or no: may the task continue?
    public static Ask authorization(String action) {
        return of(Kind.AUTHORIZATION, action);
    }

    /// A value that only a person knows.
    public static Ask input(String action) {
        return of(Kind.INPUT, action);
    }

    /// Content that a person may correct.
    public static Ask review(String action, Object content) {
        return of(Kind.REVIEW, action).about(content);
    }

    /// May the task continue, and with which value?
    public static Ask authorizationWithInput(String action) {
        return of(Kind.AUTHORIZATION_WITH_INPUT, action);
    }

    private static Ask of(Kind kind, String action) {
        return new Ask(kind, action, null, List.of(), null, null, null);
    }

    public Ask about(Object data) {
        return new Ask(kind, action, data, options, risk, timeout, fallback);
    }

    public Ask options(String... options) {
        return new Ask(kind, action, data, List.of(options), risk, timeout, fallback);
    }

    public Ask risk(Risk risk) {
        return new Ask(kind, action, data, options, risk, timeout, fallback);
    }

    public Ask within(Duration timeout) {
        return new Ask(kind, action, data, options, risk, timeout, fallback);
    }

    public Ask otherwise(Object fallback) {
        return new Ask(kind, action, data, options, risk, timeout, fallback);
    }
}
