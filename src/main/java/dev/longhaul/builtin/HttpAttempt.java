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

/// One call and the evaluation of its reply. An exception leaves no checkpoint, so the next attempt calls again.
///
/// @param failures number of failed calls directly before this one
/// @param polls    number of polls, with this one; 0 for the request itself
final class HttpAttempt {

    private static final int MAX_POLLS = 10_000;
    private static final Set<String> RETURNED_HEADERS = Set.of("content-type", "etag", "last-modified",
            "link", "location",
            "x-request-id");

    /// The checkpoint after a call.
    ///
    /// @param waitMillis delay before the next call
    /// @param failure    why the call is repeated; null: it succeeded
    /// @param poll       next poll; null: none
    /// @param result     final result; null: not final
    record AttemptResult(long waitMillis, @Nullable String failure, @Nullable Poll poll, @Nullable Result result) {}

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

    AttemptResult send() throws Exception {
        HttpReply reply;
        try {
            reply = sender.send(call);
        } catch (IOException failed) {
            context.check();   // throws if the run has been stopped
            var reason = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            return retry("no response: " + Text.cleaned(reason, 500), Duration.ZERO);
        }
        var content = reply.complete() ? reply.content(json) : null;
        var next = input.poll() ? next(reply, content) : null;
        if (next != null) {
            return pending(reply, content, next);
        }
        if (input.expects(reply.status())) {
            return new AttemptResult(0, null, null, result(reply, content));
        }
        var status = "HTTP " + reply.status() + reply.excerpt();
        if (reply.status() == 408 || reply.status() == 429 || reply.status() >= 500) {
            return retry(status, reply.retryAfter().orElse(Duration.ZERO));
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
        var samePoll = new Poll(call.url().toString(), call.purpose());
        if (reply.status() == 202 && call.purpose() != Purpose.REQUEST) {
            return samePoll;
        }
        if (call.purpose() == Purpose.MONITOR && reply.status() == 200 && content != null
                && content.path("status").isString()) {
            return switch (content.path("status").asString().toLowerCase(Locale.ROOT)) {
                case "succeeded", "completed" -> null;
                case "failed", "canceled", "cancelled" ->
                        throw new NotRetryable("the work at %s ended%s".formatted(reply.url(), reply.excerpt()));
                default -> samePoll;
            };
        }
        return null;
    }

    private AttemptResult pending(HttpReply reply, @Nullable JsonNode content, Poll next) throws NotRetryable {
        if (polls == MAX_POLLS) {
            throw new NotRetryable("the work at %s had not finished after %d polls".formatted(reply.url(), MAX_POLLS));
        }
        context.report(percent(content), "HTTP %d, polled %s".formatted(reply.status(), HumanFormat.times(polls)));
        return new AttemptResult(waitMillis(polls, reply.retryAfter().orElse(Duration.ZERO)), null, next, null);
    }

    private static double percent(@Nullable JsonNode content) {
        for (var name : List.of("progress", "percent_complete", "percentComplete")) {
            var value = content == null ? null : content.get(name);
            if (value != null && value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 100) {
                return value.doubleValue();
            }
        }
        return 0;   // progress never decreases
    }

    private Result result(HttpReply reply, @Nullable JsonNode content) throws NotRetryable {
        if (!reply.complete()) {
            throw new NotRetryable(("%s %s answered HTTP %d with a body of more than %d bytes, which is the most that "
                    + "is kept")
                    .formatted(call.method(), reply.url(), reply.status(), HttpSender.BODY_LIMIT));
        }
        var headers = new TreeMap<String, String>();
        reply.headers().forEach((name, value) -> {
            if (RETURNED_HEADERS.contains(name)) {
                headers.put(name, Text.cleaned(value, 2_000));
            }
        });
        return new Result(reply.status(), headers, content);
    }

    private AttemptResult retry(String failure, Duration retryAfter) throws NotRetryable {
        if (failures + 1 >= input.tries()) {
            throw new NotRetryable("%s %s: %s, tried %s".formatted(call.method(), call.url(), failure,
                    HumanFormat.times(failures + 1)));
        }
        var wait = waitMillis(failures, retryAfter);
        context.report(0, String.format(Locale.ROOT, "%s; try %d of %d in %.1f s", Text.cleaned(failure, 200), failures
                + 2, input.tries(), wait / 1e3));
        return new AttemptResult(wait, failure, null, null);
    }

    /// @return milliseconds: the Retry-After of the server, or half to all of a delay that doubles each time
    private long waitMillis(int previous, Duration retryAfter) {
        var first = settings.backoff().toMillis();
        var full = Math.min(first * Math.pow(2, Math.min(previous, 40)), settings.maxBackoff().toMillis());
        var backoff = retryAfter.isPositive() ? first : full * (0.5 + ThreadLocalRandom.current().nextDouble() / 2);
        return Math.max(retryAfter.toMillis(), (long) backoff);
    }
}
