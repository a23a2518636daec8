package dev.longhaul.builtin;

import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.springframework.stereotype.Component;

/// Sends a request to a host that is allowed, and follows its redirects, each checked like the first.
@Component
final class HttpSender implements AutoCloseable {

    static final int BODY_LIMIT = 256 * 1024;
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final AllowedHosts hosts;
    private final Duration patience;
    private final CloseableHttpClient client;

    HttpSender(HttpRequestSettings settings) {
        this.hosts = new AllowedHosts(settings);
        this.patience = settings.responseTimeout();
        var response = Timeout.of(settings.responseTimeout());
        // No proxy, no cookies, no redirects, no retries, no authentication, no unpacking, no kept connections: what is
        // sent is what was checked.
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(hosts)
                        .setMaxConnTotal(10_000).setMaxConnPerRoute(10_000)   // the engine's slots are the limit
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom().setMaxLineLength(16 * 1024).setMaxHeaderCount(200)
                                        .build()).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(
                                Timeout.of(settings.connectTimeout())).setSocketTimeout(response).build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(response)
                        .setAuthenticationEnabled(false).build())
                .setConnectionReuseStrategy((_, _, _) -> false)
                .disableRedirectHandling().disableAutomaticRetries().disableCookieManagement().disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("longhaul")
                .build();
    }

    /// @throws NotRetryable if it may not go where it is to go
    /// @throws IOException  if there was no answer
    HttpReply send(HttpCall call) throws IOException, NotRetryable {
        var next = call;
        for (var hop = 0; hop <= MOST_REDIRECTS; hop++) {
            var reply = exchange(next);
            var location = reply.header("location");
            if (!REDIRECTS.contains(reply.status()) || location == null) {
                return reply;
            }
            next = next.redirected(reply.status(), target(reply, location));
        }
        throw new NotRetryable("%s was redirected more than %d times, at last to %s".formatted(call.url(),
                MOST_REDIRECTS, next.url()));
    }

    /// Where a header of an answer points to.
    static URI target(HttpReply reply, String location) throws NotRetryable {
        try {
            return AllowedHosts.url("the location that %s answered".formatted(reply.url()),
                    reply.url().resolve(location).toString());
        } catch (IllegalArgumentException unfit) {
            throw new NotRetryable(unfit.getMessage() + " (from " + Text.quoted(location) + ")");
        }
    }

    private HttpReply exchange(HttpCall call) throws IOException, NotRetryable {
        hosts.check(call.url());
        var request = new HttpUriRequestBase(call.method(), call.url());
        call.headers().forEach(request::setHeader);
        if (call.body() != null) {
            request.setEntity(new ByteArrayEntity(call.body(), null));   // its type is among the headers
        }
        try {
            var host = new HttpHost(call.url().getScheme().toLowerCase(Locale.ROOT), AllowedHosts.host(call.url()),
                    call.url().getPort());
            var response = client.executeOpen(host, request, null);
            try {
                return read(call.url(), response);
            } finally {
                request.abort();   // first: closing a response reads on to its end, which may be nowhere
                Closer.closeQuietly(response);
            }
        } catch (AllowedHosts.ForbiddenAddress forbidden) {
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
            var until = System.nanoTime() + patience.toNanos();
            var content = response.getEntity().getContent();
            var buffer = new byte[8 * 1024];
            for (var read = content.read(buffer); read >= 0 && body.size() <= BODY_LIMIT; read = content.read(buffer)) {
                body.write(buffer, 0, read);
                if (System.nanoTime() - until > 0) {
                    throw new SocketTimeoutException("the body did not arrive within " + patience);
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
