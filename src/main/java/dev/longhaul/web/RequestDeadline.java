package dev.longhaul.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections whose client sends a request too slowly. The server's idle timeout starts anew with every byte,
/// so one byte every few seconds would hold a connection for ever. One deadline covers headers and body; a longer body
/// needs a minimum rate from its beginning.
final class RequestDeadline extends Handler.Wrapper implements Connection.Listener {

    private static final Logger log = LoggerFactory.getLogger(RequestDeadline.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    static final long MIN_BYTES_PER_SECOND = 1_024;

    private final Duration timeout;
    private final Map<Connection, Reception> receptions = new ConcurrentHashMap<>();
    private @Nullable Thread thread;

    RequestDeadline(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) {   // of HTTP/1.1; a TLS connection is none
            receptions.put(connection, new Reception());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        receptions.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var connection = request.getConnectionMetaData().getConnection();
        var reception = receptions.get(connection);
        if (reception == null) {
            return super.handle(request, response, callback);
        }
        var hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        reception.beginBody(hasBody ? request.getLength() : 0);
        Request.addCompletionListener(request, _ -> reception.end(connection.getBytesIn()));
        return super.handle(new Receiving(request, reception), response, callback);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        thread = Thread.ofPlatform().daemon().name("request deadline").start(this::repeat);
    }

    @Override
    protected void doStop() throws Exception {
        LifeCycle.stop(getHandler());
        if (thread != null) {
            thread.interrupt();
        }
        super.doStop();
    }

    private void repeat() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                var now = System.nanoTime();
                receptions.forEach((connection, reception) -> {
                    if (reception.isLate(connection.getBytesIn(), now, timeout)) {
                        log.debug("closed a connection that sent a request too slowly: {}", connection);
                        connection.getEndPoint().close();
                    }
                });
            }
        } catch (InterruptedException stopped) {
            // the server is stopping
        }
    }

    /// Tells when the body has been read.
    private static final class Receiving extends Request.Wrapper {

        private final Reception reception;

        Receiving(Request request, Reception reception) {
            super(request);
            this.reception = reception;
        }

        @Override
        public Content.Chunk read() {
            var chunk = super.read();
            if (chunk != null) {
                reception.read(chunk.remaining(), chunk.isLast());
            }
            return chunk;
        }
    }

    /// What a connection has received of its present request.
    private static final class Reception {

        private enum Part { NOTHING_OR_HEADERS, BODY, WHOLE }

        private Part part = Part.NOTHING_OR_HEADERS;
        private long bytesBefore;
        private long since;   // 0: no byte of a request has arrived
        private long left;    // of the body; -1: unknown

        synchronized void beginBody(long length) {
            since = since == 0 ? System.nanoTime() : since;
            left = length;
            part = length == 0 ? Part.WHOLE : Part.BODY;
        }

        synchronized void read(long bytes, boolean isLast) {
            left -= left < 0 ? 0 : bytes;
            part = isLast || left == 0 ? Part.WHOLE : part;
        }

        synchronized void end(long bytes) {
            part = Part.NOTHING_OR_HEADERS;
            bytesBefore = bytes;
            since = 0;
        }

        synchronized boolean isLate(long bytes, long now, Duration timeout) {
            if (part == Part.WHOLE || part == Part.NOTHING_OR_HEADERS && bytes <= bytesBefore) {
                return false;
            }
            since = since == 0 ? now : since;
            var elapsed = now - since;
            return elapsed > timeout.toNanos() && (part == Part.NOTHING_OR_HEADERS
                    || bytes - bytesBefore < MIN_BYTES_PER_SECOND * Duration.ofNanos(elapsed).toSeconds());
        }
    }
}
