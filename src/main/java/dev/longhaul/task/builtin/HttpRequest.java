package dev.longhaul.task.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import dev.longhaul.task.builtin.HttpCall.Purpose;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls a URL until it answers, and polls where a 202 points to. Each answer is a checkpoint, and each pause a sleep without a thread.
/// See docs/tasks.md.
@TaskType(value = "http_request", description = """
        Sends an HTTP request to a host that the service's settings allow, tries again with backoff when the host is away, overloaded or \
        answers 5xx, and follows 202 + Location until the work behind it is done. Use it for calls that must get through and for slow APIs. \
        Returns status, main headers and body of the last answer.""")
class HttpRequest implements Task<HttpRequest.Input, HttpRequest.Output> {

    private static final int MOST_POLLS = 10_000;
    private static final Set<String> TOLD_HEADERS = Set.of("content-type", "etag", "last-modified", "link", "location", "x-request-id");
    private static final Set<String> OWN_HEADERS = Set.of("host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect",
            "keep-alive", "proxy-authorization", "proxy-connection");

    enum Method { GET, POST, PUT, DELETE, PATCH, HEAD }

    record Input(
            @NotBlank @Size(max = 8_000) @JsonPropertyDescription("e.g. https://api.example.org/reports") String url,
            @JsonPropertyDescription("Default: GET, or POST with json or text") @Nullable Method method,
            @JsonPropertyDescription("Request headers. They are stored with the operation, secrets too") @Nullable Map<String, String> headers,
            @JsonPropertyDescription("The request's body, as JSON") @Nullable Object json,
            @JsonPropertyDescription("The request's body, as text (text/plain unless the header Content-Type says otherwise)") @Nullable String text,
            @JsonPropertyDescription("The statuses that count as success; default: 200 to 299") @Nullable List<Integer> expect,
            @JsonPropertyDescription("How often it is sent before it fails for want of an answer; default: 5") @Min(1) @Max(20) @Nullable Integer tries,
            @JsonPropertyDescription("false: 202 is the end; default: true, its Location or Operation-Location is polled") @Nullable Boolean poll) {

        Input {
            AllowedHosts.url("url", url);
            if (json != null && text != null) {
                throw new IllegalArgumentException("the body must be given as json or as text, not as both");
            }
            var hasBody = json != null || text != null;
            method = method == null ? hasBody ? Method.POST : Method.GET : method;
            if (hasBody && (method == Method.GET || method == Method.HEAD)) {
                throw new IllegalArgumentException("a " + method + " has no body: leave out json and text, or choose another method");
            }
            headers = headers == null ? Map.of() : headers;
            headers.forEach(Input::check);
            if (headers.size() > 100 || headers.keySet().stream().map(String::toLowerCase).distinct().count() < headers.size()) {
                throw new IllegalArgumentException("headers must be at most 100, each given once");
            }
            expect = expect == null ? List.of() : expect;
            if (expect.stream().anyMatch(status -> status == null || status < 200 || status > 599)) {
                throw new IllegalArgumentException("expect must be statuses from 200 to 599, not " + expect);
            }
            tries = tries == null ? 5 : tries;
            poll = poll == null || poll;
        }

        private static void check(String name, @Nullable String value) {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}") || OWN_HEADERS.contains(name.toLowerCase())) {
                throw new IllegalArgumentException("headers must not contain " + Text.quoted(name));
            }
            if (value == null || !value.matches("[\\t\\x20-\\x7e]{0,8000}")) {
                throw new IllegalArgumentException("the header " + name + " must be printable ASCII of at most 8000 characters");
            }
        }

        HttpCall call(JsonMapper mapper, OperationId id) {
            var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            all.put("Accept", "*/*");
            all.put("Idempotency-Key", id.toString());   // the same however often it is sent
            if (json != null || text != null) {
                all.put("Content-Type", json != null ? "application/json" : "text/plain; charset=utf-8");
            }
            all.putAll(headers);
            var body = json != null ? mapper.writeValueAsBytes(json) : text != null ? text.getBytes(StandardCharsets.UTF_8) : null;
            return new HttpCall(method.name(), URI.create(url), all, body, Purpose.REQUEST);
        }

        boolean expects(int status) {
            return expect.isEmpty() ? status >= 200 && status < 300 : expect.contains(status);
        }
    }

    /// @param headers some of the last answer's, by lower-case name
    /// @param body    JSON or text; null: it was empty
    /// @param polls   how often the work behind a 202 was asked for
    record Output(int status, Map<String, String> headers, @Nullable JsonNode body, int polls) {}

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

    HttpRequest(HttpSender sender, HttpRequestSettings settings, JsonMapper json) {
        this.sender = sender;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        var call = input.call(json, context.operationId());
        var failures = 0;
        var polls = -1;
        for (var n = 1; ; n++) {
            var turn = new Turn(input, context, call, failures, polls + 1);
            var answer = context.step("call-" + n, Answer.class, turn::take);
            if (answer.result != null) {
                context.conclude("HTTP " + answer.result.status + (polls < 0 ? "" : ", polled " + times(polls + 1)));
                return new Output(answer.result.status, answer.result.headers, answer.result.body, polls + 1);
            }
            failures = answer.failure == null ? 0 : failures + 1;
            if (answer.poll != null) {
                call = call.polling(URI.create(answer.poll.url), answer.poll.purpose);
                polls++;
            }
            context.sleep(Duration.ofMillis(answer.waitMillis));
        }
    }

    private static String times(int count) {
        return count + (count == 1 ? " time" : " times");
    }

    /// One call and what follows from its answer. What it throws leaves no checkpoint, so an operation that is run again calls again.
    ///
    /// @param failures how many calls before it in a row had no answer of use
    /// @param polls    how many polls it makes it, 0 for the request itself
    private final class Turn {

        private final Input input;
        private final TaskContext context;
        private final HttpCall call;
        private final int failures;
        private final int polls;

        Turn(Input input, TaskContext context, HttpCall call, int failures, int polls) {
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
                return again("no answer: " + (failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage()), Duration.ZERO);
            }
            var content = reply.whole() ? reply.content(json) : null;
            var next = input.poll ? next(reply, content) : null;
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
            if (call.purpose() == Purpose.MONITOR && reply.status() == 200 && content != null && content.path("status").isString()) {
                return switch (content.path("status").asString().toLowerCase()) {
                    case "succeeded", "completed" -> null;
                    case "failed", "canceled", "cancelled" -> throw new NotRetryable("the work at %s ended%s".formatted(reply.url(), reply.excerpt()));
                    default -> sameAgain;
                };
            }
            return null;
        }

        private Answer pending(HttpReply reply, @Nullable JsonNode content, Poll next) throws NotRetryable {
            if (polls == MOST_POLLS) {
                throw new NotRetryable("the work at %s was not done after %d polls".formatted(reply.url(), MOST_POLLS));
            }
            context.report(percent(content), "HTTP %d, polled %s".formatted(reply.status(), times(polls)));
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
                throw new NotRetryable("%s %s answered HTTP %d with a body of more than %d bytes, which is the most that is kept"
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
            if (failures + 1 >= input.tries) {
                throw new NotRetryable("%s %s: %s, tried %s".formatted(call.method(), call.url(), failure, times(failures + 1)));
            }
            var wait = wait(failures, asked);
            context.report(0, "%s; try %d of %d in %.1f s".formatted(Text.cleaned(failure, 200), failures + 2, input.tries, wait / 1e3));
            return new Answer(wait, failure, null, null);
        }

        /// @return in milliseconds: what the server asks for, else from the half to the whole of a pause that doubles each time
        private long wait(int before, Duration asked) {
            var first = settings.backoff().toMillis();
            var full = Math.min(first * Math.pow(2, Math.min(before, 40)), settings.maxBackoff().toMillis());
            var own = asked.isPositive() ? first : full * (0.5 + ThreadLocalRandom.current().nextDouble() / 2);
            return Math.max(asked.toMillis(), (long) own);
        }
    }
}
