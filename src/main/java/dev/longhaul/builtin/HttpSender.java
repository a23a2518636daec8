package dev.longhaul.builtin;

import dev.longhaul.operation.Text;
import dev.longhaul.outbound.ForbiddenAddress;
import dev.longhaul.outbound.OutboundClient;
import dev.longhaul.task.NotRetryable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.springframework.stereotype.Component;

/// Sends a request to an allowed host and follows redirects. Each redirect is checked like the first request.
@Component
final class HttpSender implements AutoCloseable {

    static final int BODY_LIMIT = 256 * 1024;
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECT_STATUSES = Set.of(301, 302, 303, 307, 308);

    private final HttpRequestSettings settings;
    private final OutboundClient client;

    HttpSender(HttpRequestSettings settings) {
        this.settings = settings;
        this.client = new OutboundClient("longhaul", settings.connectTimeout(), settings.responseTimeout(),
                "longhaul.http-request.allow-private-addresses", settings::allowsPrivate);
    }

    /// @throws NotRetryable if the host or its address is not allowed
    /// @throws IOException  if there was no response
    HttpReply send(HttpCall call) throws IOException, NotRetryable {
        var next = call;
        for (var hop = 0; hop <= MAX_REDIRECTS; hop++) {
            var reply = exchange(next);
            var location = reply.header("location");
            if (!REDIRECT_STATUSES.contains(reply.status()) || location == null) {
                return reply;
            }
            next = next.redirected(reply.status(), target(reply, location));
        }
        throw new NotRetryable("%s was redirected more than %d times, at last to %s".formatted(call.url(),
                MAX_REDIRECTS, next.url()));
    }

    /// Resolves the URL in a response header.
    static URI target(HttpReply reply, String location) throws NotRetryable {
        try {
            return OutboundClient.parse("the location that %s answered".formatted(reply.url()),
                    reply.url().resolve(location).toString());
        } catch (IllegalArgumentException invalid) {
            throw new NotRetryable(invalid.getMessage() + " (from " + Text.quoted(location) + ")");
        }
    }

    private HttpReply exchange(HttpCall call) throws IOException, NotRetryable {
        settings.requireAllowed(OutboundClient.host(call.url()));
        var request = new HttpUriRequestBase(call.method(), call.url());
        call.headers().forEach(request::setHeader);
        if (call.body() != null) {
            request.setEntity(new ByteArrayEntity(call.body(), null));   // the headers contain the content type
        }
        try {
            return client.exchange(call.url(), request, response -> read(call.url(), response));
        } catch (ForbiddenAddress forbidden) {
            throw new NotRetryable(forbidden.getMessage());
        }
    }

    private HttpReply read(URI url, ClassicHttpResponse response) throws IOException {
        var headers = new HashMap<String, String>();
        for (var header : response.getHeaders()) {
            headers.merge(header.getName().toLowerCase(Locale.ROOT), String.valueOf(header.getValue()),
                    (one, other) -> one + ", " + other);
        }
        var body = new ByteArrayOutputStream();
        if (response.getEntity() != null) {
            var deadline = System.nanoTime() + settings.responseTimeout().toNanos();
            var content = response.getEntity().getContent();
            var buffer = new byte[8 * 1024];
            for (var read = content.read(buffer); read >= 0 && body.size() <= BODY_LIMIT; read = content.read(buffer)) {
                body.write(buffer, 0, read);
                if (System.nanoTime() - deadline > 0) {
                    throw new SocketTimeoutException("the body did not arrive within " + settings.responseTimeout());
                }
            }
        }
        return new HttpReply(url, response.getCode(), headers, body.toByteArray(), body.size() <= BODY_LIMIT);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
