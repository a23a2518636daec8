package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.builtin.HttpAttempt.AttemptResult;
import dev.longhaul.builtin.HttpCall.Purpose;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.outbound.OutboundClient;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls a URL with retries, and polls the location of a 202. Each reply is a checkpoint. Pauses hold no thread. See
/// docs/tasks.md.
@TaskType(value = "http_request", description = """
        Sends an HTTP request to a host that the service's settings allow, retries with backoff when the host is \
        unreachable, overloaded or answers 5xx, and polls a 202 + Location until the work has finished. Use it for \
        calls that must succeed and for slow APIs. Returns status, main headers and body of the last reply.""")
class HttpRequest implements Task<HttpRequest.Input, HttpRequest.Output> {

    private static final Set<String> RESERVED_HEADERS = Set.of("host", "connection", "content-length",
            "transfer-encoding",
            "te", "trailer", "upgrade", "expect",
            "keep-alive", "proxy-authorization", "proxy-connection");

    enum Method { GET, POST, PUT, DELETE, PATCH, HEAD }

    record Input(
            @NotBlank @Size(max = 8_000) @JsonPropertyDescription("e.g. https://api.example.org/reports") String url,
            @JsonPropertyDescription("Default: GET, or POST with json or text") @Nullable Method method,
            @JsonPropertyDescription(
                    "Request headers; stored with the operation, with secrets") @Nullable Map<String, String> headers,
            @JsonPropertyDescription("The request's body, as JSON") @Nullable Object json,
            @JsonPropertyDescription("The request's body, as text (text/plain unless the header Content-Type says "
                    + "otherwise)") @Nullable String text,
            @JsonPropertyDescription(
            "Statuses that mean success; default: 200 to 299") @Nullable List<Integer> expect,
            @JsonPropertyDescription("Maximum number of tries without a response; default: 5") @Min(
            1) @Max(20) @Nullable Integer tries,
            @JsonPropertyDescription("false: 202 is final; default: true, its Location or Operation-Location is "
            + "polled") @Nullable Boolean poll) {

        Input {
            OutboundClient.parse("url", url);
            if (json != null && text != null) {
                throw new IllegalArgumentException("expected json or text, not both");
            }
            var hasBody = json != null || text != null;
            method = method == null ? hasBody ? Method.POST : Method.GET : method;
            if (hasBody && (method == Method.GET || method == Method.HEAD)) {
                throw new IllegalArgumentException("a " + method
                        + " has no body: leave out json and text, or choose another method");
            }
            headers = headers == null ? Map.of() : headers;
            headers.forEach(Input::check);
            if (headers.size() > 100 || headers.keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct()
                    .count() < headers.size()) {
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
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
                    || RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("headers must not contain " + Text.quoted(name));
            }
            if (value == null || !value.matches("[\\t\\x20-\\x7e]{0,8000}")) {
                throw new IllegalArgumentException("the header " + name
                        + " must be printable ASCII of at most 8000 characters");
            }
        }

        HttpCall call(JsonMapper mapper, OperationId id) {
            var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            all.put("Accept", "*/*");
            all.put("Idempotency-Key", id.toString());   // the same for every try
            if (json != null || text != null) {
                all.put("Content-Type", json != null ? "application/json" : "text/plain; charset=utf-8");
            }
            all.putAll(headers);
            var body = json != null ? mapper.writeValueAsBytes(json) : text != null
                    ? text.getBytes(StandardCharsets.UTF_8) : null;
            return new HttpCall(method.name(), URI.create(url), all, body, Purpose.REQUEST);
        }

        boolean expects(int status) {
            return expect.isEmpty() ? status >= 200 && status < 300 : expect.contains(status);
        }
    }

    /// @param headers selected headers of the last reply, by lower-case name
    /// @param body    JSON or text; null: empty
    /// @param polls   number of polls
    record Output(int status, Map<String, String> headers, @Nullable JsonNode body, int polls) {}

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
        var polls = 0;
        for (var n = 1; ; n++) {
            polls += call.purpose() == Purpose.REQUEST ? 0 : 1;
            var attempt = new HttpAttempt(sender, settings, json, input, context, call, failures, polls);
            var result = context.step("call-" + n, AttemptResult.class, attempt::send);
            if (result.result() != null) {
                context.conclude("HTTP " + result.result().status()
                        + (polls == 0 ? "" : ", polled " + HumanFormat.times(polls)));
                return new Output(result.result().status(), result.result().headers(), result.result().body(), polls);
            }
            failures = result.failure() == null ? 0 : failures + 1;
            if (result.poll() != null) {
                call = call.polling(URI.create(result.poll().url()), result.poll().purpose());
            }
            context.sleep(Duration.ofMillis(result.waitMillis()));
        }
    }
}
