package dev.longhaul.sse;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.databind.json.JsonMapper;

/// What goes wrong before a stream begins, as RFC 9457 problem details. Written by hand: a client of a stream accepts `text/event-stream`
/// only, and content negotiation would leave it without the reason.
@RestControllerAdvice(assignableTypes = {ProgressController.class, EventsController.class, WorkflowEventsController.class})
class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    @ExceptionHandler
    void malformed(IllegalArgumentException problem, HttpServletResponse response) throws IOException {
        write(HttpStatus.BAD_REQUEST, problem.getMessage(), response);
    }

    @ExceptionHandler
    void unknown(NoSuchOperation problem, HttpServletResponse response) throws IOException {
        write(HttpStatus.NOT_FOUND, problem.getMessage(), response);
    }

    @ExceptionHandler({DataAccessException.class, CannotCreateTransactionException.class})
    void away(RuntimeException problem, HttpServletResponse response) throws IOException {
        log.warn("answered 503: {}", problem.getMessage());
        response.setHeader("Retry-After", "1");
        write(HttpStatus.SERVICE_UNAVAILABLE, "the database is away", response);
    }

    private void write(HttpStatus status, String detail, HttpServletResponse response) throws IOException {
        response.setStatus(status.value());
        response.setContentType("application/problem+json");
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        response.getOutputStream().write(json.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8));
    }
}
