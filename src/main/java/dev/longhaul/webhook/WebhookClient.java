package dev.longhaul.webhook;

import dev.longhaul.operation.Text;
import dev.longhaul.outbound.AddressScope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Sends to receivers. The client connects to the addresses that [#resolve] has checked, so no second look-up can bring
/// others; it follows no redirect and reads no more of an answer than its head.
@Component
class WebhookClient implements DnsResolver, AutoCloseable {

    private final WebhookSettings settings;
    private final CloseableHttpClient client;

    WebhookClient(WebhookSettings settings) {
        this.settings = settings;
        var timeout = Timeout.of(settings.timeout());
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setDnsResolver(this)
                        .setMaxConnTotal(1_000).setMaxConnPerRoute(1_000)
                        .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(timeout)
                                .setSocketTimeout(timeout).build()).build())
                .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(timeout)
                        .setAuthenticationEnabled(false).build())
                .setConnectionReuseStrategy((_, _, _) -> false)
                .disableRedirectHandling().disableAutomaticRetries().disableCookieManagement().disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("longhaul-webhook")
                .build();
    }

    /// A host has an address that no request may go to.
    static final class Forbidden extends UnknownHostException {

        Forbidden(String message) {
            super(message);
        }
    }

    /// @param retryAfter as the receiver said it; null: it did not
    record Reply(int status, @Nullable String retryAfter) {}

    /// What can be said of an address before anything is sent there.
    ///
    /// @throws IllegalArgumentException if it can never be called
    URI checked(String url) {
        URI parsed;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("url must be a URL, not " + Text.quoted(url));
        }
        if (parsed.getHost() == null || parsed.getRawUserInfo() != null || parsed.getPort() > 65_535) {
            throw new IllegalArgumentException("url must name a host and no user, like "
                    + "https://hooks.example.org/longhaul, not be " + Text.quoted(url));
        }
        var isPlain = "http".equalsIgnoreCase(parsed.getScheme()) && settings.allowsPrivate(host(parsed));
        if (!"https".equalsIgnoreCase(parsed.getScheme()) && !isPlain) {
            throw new IllegalArgumentException("url must begin with https://, not be " + Text.quoted(url)
                    + "; http:// is for hosts that longhaul.webhook.allow-private-addresses names");
        }
        if (isLiteral(host(parsed))) {
            try {
                resolve(host(parsed));
            } catch (UnknownHostException forbidden) {
                throw new IllegalArgumentException(forbidden.getMessage());
            }
        }
        return parsed;
    }

    private static boolean isLiteral(String host) {
        return host.contains(":") || host.matches("[0-9.]+") || host.equals("localhost");
    }

    private static String host(URI url) {
        return url.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    }

    Reply post(URI url, String payload, Map<String, String> headers) throws IOException {
        var request = new HttpPost(url);
        headers.forEach(request::setHeader);
        request.setEntity(new StringEntity(payload, ContentType.create("application/json", StandardCharsets.UTF_8)));
        var response = client.executeOpen(new HttpHost(url.getScheme().toLowerCase(Locale.ROOT), host(url),
                url.getPort()), request, null);
        try {
            Header retryAfter = response.getFirstHeader("Retry-After");
            return new Reply(response.getCode(), retryAfter == null ? null : retryAfter.getValue());
        } finally {
            request.abort();   // first: closing a response reads on to its end, which may be nowhere
            Closer.closeQuietly(response);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var addresses = InetAddress.getAllByName(host);
        for (var address : addresses) {
            var reach = AddressScope.of(address);
            if (reach == AddressScope.NEVER) {
                throw new Forbidden("host %s has the address %s, to which no request may go".formatted(host,
                        address.getHostAddress()));
            }
            if (reach == AddressScope.PRIVATE && !settings.allowsPrivate(host)) {
                throw new Forbidden(("host %s has the private address %s: longhaul.webhook.allow-private-addresses "
                        + "does not name it").formatted(host, address.getHostAddress()));
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
