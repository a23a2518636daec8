package dev.longhaul.web;

import dev.longhaul.store.DatabaseOutage;
import dev.longhaul.store.Workload;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;

/// Runs event streams on virtual threads of their own and releases the threads of their requests. The stack of web
/// server and Spring below a handler is six times the stack of a stream, and 10,000 streams would keep it 10,000 times.
public final class EventStreams {

    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

    private EventStreams() {
    }

    /// Writes until the stream ends.
    public interface Body {

        void write(EventStreamWriter events) throws IOException, InterruptedException;
    }

    /// Sends the response headers before it returns.
    ///
    /// @param name for the log
    public static void serve(String name, HttpServletRequest request, HttpServletResponse response, Body body)
            throws IOException {
        var events = EventStreamWriter.open(response);
        if (!request.getMethod().equals("HEAD")) {
            detach(name, request, events, body);
        }
    }

    /// Whether the request asks for an event stream, and the problem passes. A browser closes an EventSource for good
    /// on any status but 200, so it gets a stream that says when to retry.
    static boolean isAskedToRetry(String method, @Nullable String accept, ProblemKind problem) {
        return method.equals("GET") && problem.isRetryable() && accept != null
                && accept.toLowerCase(Locale.ROOT).contains(MediaType.TEXT_EVENT_STREAM_VALUE);
    }

    /// The whole stream; the reason is a comment, for people.
    static String refusal(Problem problem) {
        return "retry: " + EventStreamWriter.randomRetry().toMillis() + "\n: " + problem.kind().code() + ": "
                + String.valueOf(problem.getMessage()).replaceAll("\\R", " ") + "\n\n";
    }

    private static void end(String name, EventStreamWriter events, RuntimeException failed) {
        if (!DatabaseOutage.isCauseOf(failed)) {
            log.error("stream of {} failed", name, failed);
            return;
        }
        log.debug("stream of {} ended by an outage of the database: {}", name, failed.getMessage());
        try {
            events.writeRandomRetry();
        } catch (IOException disconnected) {
            log.debug("client of {} disconnected: {}", name, disconnected.getMessage());
        }
    }

    public static void detach(String name, HttpServletRequest request, EventStreamWriter events, Body body) {
        var exchange = request.startAsync();
        exchange.setTimeout(0);
        Thread.ofVirtual().name("stream of " + name).start(() -> {
            try (var _ = Workload.READ.enter()) {
                body.write(events);
            } catch (IOException disconnected) {
                log.debug("client of {} disconnected: {}", name, disconnected.getMessage());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException failed) {
                end(name, events, failed);
            } finally {
                exchange.complete();
            }
        });
    }
}
