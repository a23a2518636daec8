package dev.longhaul.web;

import dev.longhaul.inputrequest.AlreadyAnswered;
import dev.longhaul.operation.Text;
import dev.longhaul.query.InvalidFilter;
import dev.longhaul.schedule.ScheduleNameTaken;
import dev.longhaul.schedule.ScheduleNotFound;
import dev.longhaul.store.IdempotencyConflict;
import dev.longhaul.store.RetentionStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.UnknownTaskType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/// Tells what went wrong, for every door that answers with RFC 9457 problem documents. Written by hand: a client of a
/// stream accepts `text/event-stream` only, and content negotiation would leave it without the reason.
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
    void tell(Exception thrown, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (response.isCommitted()) {
            throw thrown;   // too late to say anything: the container ends the connection
        }
        write(thrown instanceof OperationNotFound none ? goneOr(none) : problem(thrown), request, response);
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

    /// An operation that was here until its time was over is not one that never was.
    private Problem goneOr(OperationNotFound none) {
        try {
            return retention.gone(none.id()).<Problem>map(gone -> new Problem(ProblemKind.OPERATION_EXPIRED,
                    gone.said(none.id()))).orElse(none);
        } catch (DataAccessException | TransactionException away) {
            return away(away);
        }
    }

    private static Problem problem(Exception thrown) {
        return switch (thrown) {
            case Problem told -> told;
            case InvalidInput unfit -> new Problem(ProblemKind.INPUT_INVALID, said(unfit),
                    unfit.misfits().stream().map(misfit -> new Problem.ProblemPlace(misfit.pointer(), null, null,
                    misfit.detail())).toList(), Map.of());
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
                    "expected the parameter " + missing.getParameterName(),
                    List.of(new Problem.ProblemPlace(null, missing.getParameterName(), null, "expected, but not there")),
                    Map.of());
            case HttpRequestMethodNotSupportedException method -> new Problem(ProblemKind.METHOD_NOT_ALLOWED,
                    "there is no " + Text.quoted(method.getMethod()) + " here",
                    List.of(), Map.of("Allow",
                    String.join(", ", Objects.requireNonNullElse(method.getSupportedMethods(), new String[0]))));
            case ErrorResponse response -> ofStatus(response.getStatusCode().value());
            case DataIntegrityViolationException _, InvalidDataAccessResourceUsageException _ -> defect(thrown);
            case DataAccessException _, TransactionException _ -> away(thrown);
            case HttpException unreadable when unreadable.getCode() < 500 -> new Problem(ProblemKind.INVALID_REQUEST,
                    "the parameters cannot be read: " + Text.cleaned(String.valueOf(unreadable.getReason()), 200));
            case IOException _ -> new Problem(ProblemKind.INVALID_REQUEST, "the request ended early");
            case IllegalArgumentException argument -> new Problem(ProblemKind.INVALID_REQUEST, said(argument));
            default -> defect(thrown);
        };
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException mismatch) {
        var expected = mismatch.getRequiredType() == Boolean.class || mismatch.getRequiredType() == boolean.class
                ? "true or false" : mismatch.getRequiredType() == Instant.class
                ? "a moment such as 2026-01-08T10:00:00Z" : "a whole number";
        var detail = mismatch.getName() + " must be " + expected + ", not "
                + Text.quoted(String.valueOf(mismatch.getValue()));
        return new Problem(ProblemKind.INVALID_REQUEST, detail,
                List.of(new Problem.ProblemPlace(null, mismatch.getName(), null, detail)), Map.of());
    }

    /// What the framework refuses before anything of ours is asked.
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(ProblemKind.NOT_FOUND, "there is nothing at this address");
            case 405 -> new Problem(ProblemKind.METHOD_NOT_ALLOWED, "this method is not allowed here");
            case 406 -> new Problem(ProblemKind.NOT_ACCEPTABLE, "Accept names no media type that this can be told in");
            case 413 -> new Problem(ProblemKind.TOO_LARGE, "the request is too large");
            case 415 -> new Problem(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
            case 503 -> new Problem(ProblemKind.DATABASE_AWAY, "not now; ask again in a moment");
            default -> status < 500 ? new Problem(ProblemKind.INVALID_REQUEST, "the request cannot be understood")
                    : new Problem(ProblemKind.DEFECT, DEFECT);
        };
    }

    private static final String DEFECT = "a defect of this service; its log says more";

    private static Problem away(Exception problem) {
        log.warn("answered 503: {}", problem.getMessage());
        return new Problem(ProblemKind.DATABASE_AWAY, "the database is away; ask again in a moment");
    }

    private static Problem defect(Exception unexpected) {
        log.error("a defect met while answering", unexpected);
        return new Problem(ProblemKind.DEFECT, DEFECT);
    }

    private static String said(Exception thrown) {
        return String.valueOf(thrown.getMessage());
    }
}
