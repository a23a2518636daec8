package dev.longhaul.web;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/// What can go wrong with a request. Each has a page of its own at `/problems/{code}`, which is the `type` of the
/// problem's document.
public enum ProblemKind {

    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood", """
            A parameter, a header or an id is not what it should be. `detail` says what was expected and what was found."""),
    INVALID_FILTER(HttpStatus.BAD_REQUEST, "The filter cannot be understood", """
            `errors[].column` is the place in the filter, from 1. A filter is a list of conditions such as status:failed,cancelled type:report.* created>-24h."""),
    INVALID_PAGE_TOKEN(HttpStatus.BAD_REQUEST, "The page token does not belong to this list", """
            A page token continues the list that gave it: the same filter and order. Begin again without one."""),
    MALFORMED_JSON(HttpStatus.BAD_REQUEST, "The body is not JSON", """
            The body is not UTF-8, not JSON (or YAML, where that is taken), nested deeper than 64, or has a key twice."""),
    FORBIDDEN_ORIGIN(HttpStatus.FORBIDDEN, "The request comes from a page of another site", """
            A browser sent it for a page whose host is not one of longhaul.web.hosts."""),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing at this address", """
            No endpoint has this path; /api/v1/openapi.json lists all."""),
    NO_SUCH_OPERATION(HttpStatus.NOT_FOUND, "There is no such operation", """
            No operation has this id, or none that you may see."""),
    OPERATION_EXPIRED(HttpStatus.GONE, "The operation is gone", """
            Its day left as retention says: the operations of that day were kept for their time, and perhaps exported. `detail` names the day. It will not come back; where an
            operation may be missing (`no-such-operation`), it may be gone, too."""),
    NO_SUCH_WEBHOOK(HttpStatus.NOT_FOUND, "There is no such webhook", """
            No webhook has this id, or it has no such delivery."""),
    NO_SUCH_WORKER(HttpStatus.NOT_FOUND, "There is no such worker", """
            GET /api/v1/workers lists those there are."""),
    NO_SUCH_TYPE(HttpStatus.NOT_FOUND, "There is no such type", """
            GET /api/v1/types lists those there are."""),
    NO_SUCH_INPUT_REQUEST(HttpStatus.NOT_FOUND, "There is no such question", """
            The operation asks nothing of that name. `input_required` of the operation has what it asks now."""),
    NO_SUCH_SCHEDULE(HttpStatus.NOT_FOUND, "There is no such schedule", """
            No schedule has this id or name, or it was deleted."""),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The method is not allowed here", """
            The header Allow lists the methods of this address."""),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "There is no such representation", """
            Accept names no media type that this address can be told in."""),
    STATE_CONFLICT(HttpStatus.CONFLICT, "The state does not allow it", """
            What was asked for is not possible in the present state, e.g. to run a completed operation again. `detail` names the state."""),
    RUN_LOST(HttpStatus.CONFLICT, "The run is over", """
            The run that this token names is not the operation's run any more: it was taken back, timed out, was ended by hand or has ended. What it says is void; stop working on it."""),
    WORKER_LOST(HttpStatus.CONFLICT, "There is no such worker any more", """
            It left, was never there, or nothing was heard of it for longer than its lease, and others do its work. Register again, and claim again."""),
    NO_RESULT(HttpStatus.CONFLICT, "It ended without a result", """
            The operation failed or was cancelled; `detail` says why. GET /api/v1/operations/{id} has more."""),
    COUNT_DIFFERS(HttpStatus.CONFLICT, "The filter finds another number of operations than expected", """
            Nothing was changed. Ask with `dry_run` how many there are, and decide again."""),
    NAME_TAKEN(HttpStatus.CONFLICT, "The name is taken", """
            There is one of that name already; delete or rename it, or choose another."""),
    VERSION_MISMATCH(HttpStatus.PRECONDITION_FAILED, "It has changed meanwhile", """
            If-Match names another version than the present one. Read it again, and decide again."""),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large", """
            `detail` says how many bytes this address takes."""),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body is of another kind than expected", """
            A body is application/json in UTF-8, not compressed."""),
    INPUT_INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "The body does not fit its schema", """
            `errors` has every place that does not fit: a JSON Pointer into the body, and what was expected there."""),
    UNKNOWN_TYPE(HttpStatus.UNPROCESSABLE_CONTENT, "No task has this type", """
            GET /api/v1/types lists those there are."""),
    IDEMPOTENCY_CONFLICT(HttpStatus.UNPROCESSABLE_CONTENT, "The idempotency key was used for another request", """
            Within 24 hours the same key stands for the same type, queue and input. Send a fresh key for a new request."""),
    DEFECT(HttpStatus.INTERNAL_SERVER_ERROR, "A defect of this service", """
            It is ours, not yours. The service's log has more under the same request_id."""),
    DATABASE_AWAY(HttpStatus.SERVICE_UNAVAILABLE, "The database is away", """
            Nothing is lost; ask again after Retry-After. Send a start again with its Idempotency-Key: it may have been stored before the answer was lost.""");

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
        return status.is5xxServerError() && this != DEFECT;
    }
}
