package dev.longhaul.sse;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Gives a stream a virtual thread of its own, and the request's thread back. The stack of the web server and of Spring
/// below a handler is six times that of a stream; ten thousand streams would keep it ten thousand times.
@Component
class StreamServer {

    private static final Logger log = LoggerFactory.getLogger(StreamServer.class);

    /// Writes until the stream ends.
    interface Body {
        void write(EventWriter events) throws IOException, InterruptedException;
    }

    /// Sends the head of the stream before it returns.
    ///
    /// @param what for the log
    void serve(String what, HttpServletRequest request, HttpServletResponse response, Body body) throws IOException {
        var events = EventWriter.open(response);
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        var exchange = request.startAsync();
        exchange.setTimeout(0);
        Thread.ofVirtual().name("stream of " + what).start(() -> {
            try {
                body.write(events);
            } catch (IOException gone) {
                log.debug("a client of {} has gone or reads no more: {}", what, gone.getMessage());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException unexpected) {
                log.error("the stream of {} ends after", what, unexpected);
            } finally {
                exchange.complete();
            }
        });
    }
}
