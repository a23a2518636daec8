package dev.longhaul.web;

import dev.longhaul.store.Workload;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
            } catch (RuntimeException unexpected) {
                log.error("stream of {} failed", name, unexpected);
            } finally {
                exchange.complete();
            }
        });
    }
}
