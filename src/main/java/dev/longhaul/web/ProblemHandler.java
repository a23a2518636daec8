package dev.longhaul.web;

import dev.longhaul.inputrequest.AlreadyAnswered;
import dev.longhaul.operation.Text;
import dev.longhaul.query.CountTimeout;
import dev.longhaul.query.InvalidFilter;
import dev.longhaul.schedule.ScheduleNameTaken;
import dev.longhaul.schedule.ScheduleNotFound;
import dev.longhaul.store.IdempotencyConflict;
import dev.longhaul.store.RetentionStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.InvalidSchema;
import dev.longhaul.types.UnknownTaskType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.databind.json.JsonMapper;

/// Exceptions as RFC 9457 problem documents. Written without content negotiation: a client of a stream accepts only
/// `text/event-stream` and would not get the reason.
@RestControllerAdvice
public class ProblemHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    private final RetentionStore retention;
    private final JsonMapper json;

    ProblemHandler(RetentionStore retention, JsonMapper json) {
        this.retention = retention;
        this.json = json;
    }

    @ExceptionHandler
    void handle(Exception thrown, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (response.isCommitted()) {
            throw thrown;   // too late for a response: the server closes the connection
        }
        write(thrown instanceof OperationNotFound none ? expiredOr(none) : problem(thrown), request, response);
    }

    void write(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.resetBuffer();
        response.setStatus(problem.kind().status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        problem.headers().forEach(response::setHeader);
        if (problem.kind().isRetryable()) {
            response.setHeader("Retry-After", "1");
        }
        var document = problem.document(RequestIdFilter.of(request), RequestIdFilter.traceOf(request));
        response.getOutputStream().write(json.writeValueAsString(document).getBytes(StandardCharsets.UTF_8));
    }

    /// An expired operation gets 410 instead of 404.
    private Problem expiredOr(OperationNotFound none) {
        try {
            return retention.gone(none.id()).<Problem>map(gone -> new Problem(ProblemKind.OPERATION_EXPIRED,
                    gone.said(none.id()))).orElse(none);
        } catch (DataAccessException | TransactionException away) {
            return problem(away);
        }
    }

    private static Problem problem(Exception thrown) {
        return switch (thrown) {
            case Problem told -> told;
            case InvalidInput unfit -> new Problem(ProblemKind.INPUT_INVALID, said(unfit),
                    unfit.misfits().stream().map(misfit -> new Problem.ProblemPlace(misfit.pointer(), null, null,
                    misfit.detail())).toList(), Map.of());
            case InvalidSchema schema -> new Problem(ProblemKind.INVALID_REQUEST, said(schema),
                    List.of(new Problem.ProblemPlace(schema.pointer(), null, null, schema.detail())), Map.of());
            case InvalidFilter filter -> new Problem(ProblemKind.INVALID_FILTER, said(filter),
                    List.of(new Problem.ProblemPlace(null, "filter", filter.place() + 1, said(filter))), Map.of());
            case UnknownTaskType unknown -> new Problem(ProblemKind.UNKNOWN_TYPE, said(unknown),
                    List.of(new Problem.ProblemPlace("/type", null, null, said(unknown))), Map.of());
            case IdempotencyConflict conflict -> new Problem(ProblemKind.IDEMPOTENCY_CONFLICT, said(conflict));
            case ScheduleNotFound none -> new Problem(ProblemKind.NO_SUCH_SCHEDULE, said(none));
            case ScheduleNameTaken taken -> new Problem(ProblemKind.NAME_TAKEN, said(taken),
                    List.of(new Problem.ProblemPlace("/name", null, null, said(taken))), Map.of());
            case AlreadyAnswered late -> new Problem(ProblemKind.STATE_CONFLICT, said(late));
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case MissingServletRequestParameterException missing -> new Problem(ProblemKind.INVALID_REQUEST,
                    "missing parameter " + missing.getParameterName(),
                    List.of(new Problem.ProblemPlace(null, missing.getParameterName(), null, "required")),
                    Map.of());
            case HttpRequestMethodNotSupportedException method -> new Problem(ProblemKind.METHOD_NOT_ALLOWED,
                    "method " + Text.quoted(method.getMethod()) + " is not allowed",
                    List.of(), Map.of("Allow",
                    String.join(", ", Objects.requireNonNullElse(method.getSupportedMethods(), new String[0]))));
            case ErrorResponse response -> ofStatus(response.getStatusCode().value());
            case DataIntegrityViolationException _, InvalidDataAccessResourceUsageException _ -> internal(thrown);
            case CountTimeout late -> new Problem(ProblemKind.DATABASE_UNAVAILABLE, said(late));
            case DataAccessException _, TransactionException _ -> unavailable((NestedRuntimeException) thrown);
            case HttpException unreadable when unreadable.getCode() < 500 -> new Problem(ProblemKind.INVALID_REQUEST,
                    "the parameters cannot be read: " + Text.cleaned(String.valueOf(unreadable.getReason()), 200));
            case IOException _ -> new Problem(ProblemKind.INVALID_REQUEST, "the request ended early");
            case IllegalArgumentException argument -> new Problem(ProblemKind.INVALID_REQUEST, said(argument));
            default -> internal(thrown);
        };
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException mismatch) {
        var expected = mismatch.getRequiredType() == Boolean.class || mismatch.getRequiredType() == boolean.class
                ? "true or false" : mismatch.getRequiredType() == Instant.class
                ? "a time such as 2026-01-08T10:00:00Z" : "a whole number";
        var detail = mismatch.getName() + " must be " + expected + ", not "
                + Text.quoted(String.valueOf(mismatch.getValue()));
        return new Problem(ProblemKind.INVALID_REQUEST, detail,
                List.of(new Problem.ProblemPlace(null, mismatch.getName(), null, detail)), Map.of());
    }

    /// Refusals of the framework and of the server.
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(ProblemKind.NOT_FOUND, "no endpoint has this path");
            case 405 -> new Problem(ProblemKind.METHOD_NOT_ALLOWED, "the method is not allowed for this path");
            case 406 -> new Problem(ProblemKind.NOT_ACCEPTABLE, "Accept names no media type that this path has");
            case 414, 431 -> new Problem(ProblemKind.URI_TOO_LONG, "the request line or the headers are too long");
            case 413 -> new Problem(ProblemKind.TOO_LARGE, "the request is too large");
            case 415 -> new Problem(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
            case 503 -> new Problem(ProblemKind.DATABASE_UNAVAILABLE, "the service is not available; retry later");
            default -> status < 500 ? new Problem(ProblemKind.INVALID_REQUEST, "the request is invalid")
                    : new Problem(ProblemKind.INTERNAL_ERROR, INTERNAL_ERROR);
        };
    }

    private static final String INTERNAL_ERROR = "the service's log has details";

    private static Problem unavailable(NestedRuntimeException problem) {
        log.warn("responded 503: {}", problem.getMessage());
        var state = problem.getMostSpecificCause() instanceof SQLException cause ? cause.getSQLState() : null;
        return new Problem(ProblemKind.DATABASE_UNAVAILABLE, switch (state) {
            case "55P03" -> "another transaction holds a lock that the request needs; retry later";
            case "57014" -> "a statement took longer than the statement timeout; retry later";
            case null, default -> "the database does not respond; retry later";
        });
    }

    private static Problem internal(Exception unexpected) {
        log.error("internal server error", unexpected);
        return new Problem(ProblemKind.INTERNAL_ERROR, INTERNAL_ERROR);
    }

    private static String said(Exception thrown) {
        return String.valueOf(thrown.getMessage());
    }
}
