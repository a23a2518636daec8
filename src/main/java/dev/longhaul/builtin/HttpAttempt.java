package dev.longhaul.builtin;

import dev.longhaul.builtin.HttpCall.Purpose;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.TaskContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call and what follows from its answer. What it throws leaves no checkpoint, so an operation that is run again
/// calls again.
///
/// @param failures how many calls before it in a row had no answer of use
/// @param polls    how many polls were made, this one too; 0 for the request itself
final class HttpAttempt {

    private static final int MOST_POLLS = 10_000;
    private static final Set<String> TOLD_HEADERS = Set.of("content-type", "etag", "last-modified", "link", "location",
            "x-request-id");

    /// The checkpoint behind a call.
    ///
    /// @param waitMillis before the next call
    /// @param failure    why the same call is to be made again
    /// @param poll       where to ask next
    /// @param result     the end
    record Answer(long waitMillis, @Nullable String failure, @Nullable Poll poll, @Nullable Result result) {}

    record Poll(String url, Purpose purpose) {}

    record Result(int status, Map<String, String> headers, @Nullable JsonNode body) {}

    private final HttpSender sender;
    private final HttpRequestSettings settings;
    private final JsonMapper json;
    private final HttpRequest.Input input;
    private final TaskContext context;
    private final HttpCall call;
    private final int failures;
    private final int polls;

    HttpAttempt(HttpSender sender, HttpRequestSettings settings, JsonMapper json, HttpRequest.Input input,
            TaskContext context, HttpCall call, int failures, int polls) {
        this.sender = sender;
        this.settings = settings;
        this.json = json;
        this.input = input;
        this.context = context;
        this.call = call;
        this.failures = failures;
        this.polls = polls;
    }

    Answer take() throws Exception {
        HttpReply reply;
        try {
            reply = sender.send(call);
        } catch (IOException failed) {
            context.check();   // it may have been interrupted, to stop
            var reason = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            return again("no answer: " + Text.cleaned(reason, 500), Duration.ZERO);
        }
        var content = reply.whole() ? reply.content(json) : null;
        var next = input.poll() ? next(reply, content) : null;
        if (next != null) {
            return pending(reply, content, next);
        }
        if (input.expects(reply.status())) {
            return new Answer(0, null, null, result(reply, content));
        }
        var status = "HTTP " + reply.status() + reply.excerpt();
        if (reply.status() == 408 || reply.status() == 429 || reply.status() >= 500) {
            return again(status, reply.retryAfter().orElse(Duration.ZERO));
        }
        throw new NotRetryable("%s %s answered %s".formatted(call.method(), reply.url(), status));
    }

    private @Nullable Poll next(HttpReply reply, @Nullable JsonNode content) throws NotRetryable {
        var monitor = reply.header("operation-location");
        var location = monitor == null ? reply.header("location") : monitor;
        if (reply.status() == 202 && location != null) {
            var purpose = monitor != null || call.purpose() == Purpose.MONITOR ? Purpose.MONITOR : Purpose.POLL;
            return new Poll(HttpSender.target(reply, location).toString(), purpose);
        }
        var sameAgain = new Poll(call.url().toString(), call.purpose());
        if (reply.status() == 202 && call.purpose() != Purpose.REQUEST) {
            return sameAgain;
        }
        if (call.purpose() == Purpose.MONITOR && reply.status() == 200 && content != null
                && content.path("status").isString()) {
            return switch (content.path("status").asString().toLowerCase(Locale.ROOT)) {
                case "succeeded", "completed" -> null;
                case "failed", "canceled", "cancelled" ->
                        throw new NotRetryable("the work at %s ended%s".formatted(reply.url(), reply.excerpt()));
                default -> sameAgain;
            };
        }
        return null;
    }

    private Answer pending(HttpReply reply, @Nullable JsonNode content, Poll next) throws NotRetryable {
        if (polls == MOST_POLLS) {
            throw new NotRetryable("the work at %s was not done after %d polls".formatted(reply.url(), MOST_POLLS));
        }
        context.report(percent(content), "HTTP %d, polled %s".formatted(reply.status(), HumanFormat.times(polls)));
        return new Answer(wait(polls, reply.retryAfter().orElse(Duration.ZERO)), null, next, null);
    }

    private static double percent(@Nullable JsonNode content) {
        for (var name : List.of("progress", "percent_complete", "percentComplete")) {
            var value = content == null ? null : content.get(name);
            if (value != null && value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 100) {
                return value.doubleValue();
            }
        }
        return 0;   // progress does not fall
    }

    private Result result(HttpReply reply, @Nullable JsonNode content) throws NotRetryable {
        if (!reply.whole()) {
            throw new NotRetryable(("%s %s answered HTTP %d with a body of more than %d bytes, which is the most that "
                    + "is kept")
                    .formatted(call.method(), reply.url(), reply.status(), HttpSender.BODY_LIMIT));
        }
        var told = new TreeMap<String, String>();
        reply.headers().forEach((name, value) -> {
            if (TOLD_HEADERS.contains(name)) {
                told.put(name, Text.cleaned(value, 2_000));
            }
        });
        return new Result(reply.status(), told, content);
    }

    private Answer again(String failure, Duration asked) throws NotRetryable {
        if (failures + 1 >= input.tries()) {
            throw new NotRetryable("%s %s: %s, tried %s".formatted(call.method(), call.url(), failure,
                    HumanFormat.times(failures + 1)));
        }
        var wait = wait(failures, asked);
        context.report(0, String.format(Locale.ROOT, "%s; try %d of %d in %.1f s", Text.cleaned(failure, 200), failures
                + 2, input.tries(), wait / 1e3));
        return new Answer(wait, failure, null, null);
    }

    /// @return in milliseconds: what the server asks for, else from the half to the whole of a pause that doubles each
    ///     time
    private long wait(int before, Duration asked) {
        var first = settings.backoff().toMillis();
        var full = Math.min(first * Math.pow(2, Math.min(before, 40)), settings.maxBackoff().toMillis());
        var own = asked.isPositive() ? first : full * (0.5 + ThreadLocalRandom.current().nextDouble() / 2);
        return Math.max(asked.toMillis(), (long) own);
    }
}
