package dev.longhaul.web;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/// The kinds of problem documents. Each has a page at `/problems/{code}`, which is the `type` of its documents.
public enum ProblemKind {

    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "Invalid request", """
            A parameter, a header or an id is invalid. `detail` has the expected and the given value."""),
    INVALID_FILTER(HttpStatus.BAD_REQUEST, "Invalid filter", """
            `errors[].column` is the position in the filter, from 1. A filter is a list of conditions such as
            status:failed,cancelled type:report.* created>-24h."""),
    INVALID_PAGE_TOKEN(HttpStatus.BAD_REQUEST, "The page token does not belong to this list", """
            A page token continues the list that returned it, with the same filter and order. Start without one."""),
    MALFORMED_JSON(HttpStatus.BAD_REQUEST, "The body is not JSON", """
            The body is not UTF-8, not JSON (or YAML, where accepted), nested deeper than 64, or has a
            duplicate key."""),
    FORBIDDEN_ORIGIN(HttpStatus.FORBIDDEN, "Forbidden origin", """
            A browser sent the request for a page whose origin is not one of longhaul.web.hosts."""),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found", """
            No endpoint has this path; /api/v1/openapi.json lists all."""),
    NO_SUCH_OPERATION(HttpStatus.NOT_FOUND, "No such operation", """
            No operation has this id, or none that the caller may see."""),
    OPERATION_EXPIRED(HttpStatus.GONE, "Operation expired", """
            Retention has removed the operations of that day. `detail` names the day. Where an operation may be missing
            (`no-such-operation`), it may have expired, too."""),
    NO_SUCH_WEBHOOK(HttpStatus.NOT_FOUND, "No such webhook", """
            No webhook has this id, or it has no such delivery."""),
    NO_SUCH_WORKER(HttpStatus.NOT_FOUND, "No such worker", """
            GET /api/v1/workers lists all."""),
    NO_SUCH_TYPE(HttpStatus.NOT_FOUND, "No such task type", """
            GET /api/v1/types lists all."""),
    NO_SUCH_INPUT_REQUEST(HttpStatus.NOT_FOUND, "No such input request", """
            The operation has no input request with this name. `input_required` of the operation lists the
            open ones."""),
    NO_SUCH_SCHEDULE(HttpStatus.NOT_FOUND, "No such schedule", """
            No schedule has this id or name, or it was deleted."""),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed", """
            The header Allow lists the methods of this path."""),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable", """
            Accept names no media type that this path has."""),
    STATE_CONFLICT(HttpStatus.CONFLICT, "The state does not allow it", """
            The action is not possible in the present state, e.g. a retry of a completed operation. `detail` names the
            state."""),
    RUN_LOST(HttpStatus.CONFLICT, "The run has lost its lease", """
            The run of this token is no longer the operation's run: its lease expired, it timed out, or it has ended.
            The request has no effect; the worker must stop the run."""),
    WORKER_LOST(HttpStatus.CONFLICT, "The worker is not registered", """
            It has left, was never registered, or its lease expired and others run its operations. Register again, and
            claim again."""),
    NO_RESULT(HttpStatus.CONFLICT, "The operation ended without a result", """
            The operation failed or was cancelled; `detail` has the reason."""),
    COUNT_MISMATCH(HttpStatus.CONFLICT, "The filter finds another number of operations than expected", """
            Nothing was changed. Count again with `dry_run`."""),
    NAME_TAKEN(HttpStatus.CONFLICT, "The name is taken", """
            Delete or rename the other one, or choose another name."""),
    VERSION_MISMATCH(HttpStatus.PRECONDITION_FAILED, "Version mismatch", """
            If-Match names another version than the present one. Read the operation again."""),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large", """
            `detail` has the maximum number of bytes."""),
    URI_TOO_LONG(HttpStatus.URI_TOO_LONG, "The URI is too long", """
            The server's limit for the request line and its headers is exceeded."""),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", """
            A body is application/json in UTF-8, without compression."""),
    INPUT_INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "The body does not fit its schema", """
            `errors` has a JSON Pointer into the body and the expected value for each misfit."""),
    UNKNOWN_TYPE(HttpStatus.UNPROCESSABLE_CONTENT, "Unknown task type", """
            GET /api/v1/types lists all."""),
    IDEMPOTENCY_CONFLICT(HttpStatus.UNPROCESSABLE_CONTENT, "The idempotency key was used for another request", """
            For 24 hours a key belongs to one type, queue and input. Use a new key for a new request."""),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal server error", """
            A fault of the service. Its log has details under the same request_id."""),
    DATABASE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Database unavailable", """
            Nothing is lost; retry after Retry-After. Repeat a submission with its Idempotency-Key: it may have been
            committed before the response was lost.""");

    private final HttpStatus status;
    private final String title;
    private final String explanation;

    ProblemKind(HttpStatus status, String title, String explanation) {
        this.status = status;
        this.title = title;
        this.explanation = explanation;
    }

    /// E.g. `no-such-operation`: the last part of its address.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    String explanation() {
        return explanation;
    }

    /// Whether the same request may succeed later.
    boolean isRetryable() {
        return status == HttpStatus.TOO_MANY_REQUESTS || status.is5xxServerError() && this != INTERNAL_ERROR;
    }
}
