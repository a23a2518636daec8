package dev.longhaul.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A refused request: its response is a problem document.
public class Problem extends RuntimeException {

    private final ProblemKind kind;
    private final transient List<ProblemPlace> places;
    private final Map<String, String> headers;

    public Problem(ProblemKind kind, String detail) {
        this(kind, detail, List.of(), Map.of());
    }

    /// @param detail  the expected and the given value
    /// @param places  in the request; empty: the request as a whole
    /// @param headers of the response, e.g. `Allow`
    public Problem(ProblemKind kind, String detail, List<ProblemPlace> places, Map<String, String> headers) {
        super(detail);
        this.kind = kind;
        this.places = List.copyOf(places);
        this.headers = Map.copyOf(headers);
    }

    /// @param name of a parameter of the query
    public static Problem ofParameter(String name, String detail) {
        return new Problem(ProblemKind.INVALID_REQUEST, detail, List.of(new ProblemPlace(null, name, null, detail)),
                Map.of());
    }

    /// One misfit in the request.
    ///
    /// @param pointer   JSON Pointer into the body, e.g. `/input/steps`
    /// @param parameter of the query
    /// @param column    in the parameter's text, from 1
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProblemPlace(@Nullable String pointer, @Nullable String parameter, @Nullable Integer column,
            String detail) {}

    /// RFC 9457.
    ///
    /// @param type      path of the page that explains the kind
    /// @param code      the kind, for programs
    /// @param retryable whether the same request may succeed later
    /// @param requestId as in `X-Request-Id`, and in the service's log
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonNaming(SnakeCaseStrategy.class)
    public record ProblemDocument(String type, String title, int status, String code, String detail, boolean retryable,
            List<ProblemPlace> errors,
                           @Nullable String requestId, @Nullable String traceId) {}

    public ProblemKind kind() {
        return kind;
    }

    Map<String, String> headers() {
        return headers;
    }

    ProblemDocument document(@Nullable String requestId, @Nullable String traceId) {
        return new ProblemDocument("/problems/" + kind.code(), kind.title(), kind.status().value(), kind.code(),
                String.valueOf(getMessage()), kind.isRetryable(),
                places, requestId, traceId);
    }
}
