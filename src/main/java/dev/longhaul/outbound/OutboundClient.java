package dev.longhaul.outbound;

import dev.longhaul.operation.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
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
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;

/// Sends requests to checked addresses only. The client connects to the addresses that [#resolve] has checked, so a
/// second lookup cannot return others.
///
/// No proxy, cookies, redirects, retries, authentication, decompression or reused connections: exactly the request that
/// was checked is sent.
public final class OutboundClient implements DnsResolver, AutoCloseable {

    /// The limit of concurrent requests is elsewhere: the slots of the engine.
    private static final int MAX_CONNECTIONS = 10_000;

    private final String setting;
    private final Predicate<String> allowsPrivate;
    private final CloseableHttpClient client;

    /// @param setting       setting behind `allowsPrivate`, for error messages
    /// @param allowsPrivate hosts that may have private addresses
    public OutboundClient(String userAgent, Duration connectTimeout, Duration responseTimeout, String setting,
            Predicate<String> allowsPrivate) {
        this.setting = setting;
        this.allowsPrivate = allowsPrivate;
        var response = Timeout.of(responseTimeout);
        var connections = PoolingHttpClientConnectionManagerBuilder.create().setDnsResolver(this)
                .setMaxConnTotal(MAX_CONNECTIONS).setMaxConnPerRoute(MAX_CONNECTIONS)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom().setMaxLineLength(16 * 1024).setMaxHeaderCount(200).build())
                        .build()).setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connectTimeout)).setSocketTimeout(response).build());
        this.client = HttpClients.custom().setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(response)
                        .setAuthenticationEnabled(false).build()).setConnectionReuseStrategy((_, _, _) -> false)
                .disableRedirectHandling().disableAutomaticRetries().disableCookieManagement().disableAuthCaching()
                .disableContentCompression().setUserAgent(userAgent).build();
    }

    /// @param what name of the URL for the error message, e.g. `url`
    /// @throws IllegalArgumentException if it is not an http or https URL with a host and without a user
    public static URI parse(String what, String url) {
        URI parsed;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException(what + " must be a URL, not " + Text.quoted(url));
        }
        if (!"http".equalsIgnoreCase(parsed.getScheme()) && !"https".equalsIgnoreCase(parsed.getScheme())) {
            throw new IllegalArgumentException(what + " must begin with http:// or https://, not be "
                    + Text.quoted(url));
        }
        if (parsed.getRawAuthority() != null && parsed.getRawAuthority().contains("@")) {
            throw new IllegalArgumentException(what
                    + " must not contain a user or password: use the header Authorization");
        }
        if (parsed.getHost() == null || parsed.getHost().contains("%") || parsed.getPort() > 65_535) {
            throw new IllegalArgumentException(what + " must name a host, like https://api.example.org/orders, not be "
                    + Text.quoted(url));
        }
        return parsed;
    }

    /// In lower case; an IPv6 address without its brackets.
    public static String host(URI url) {
        return url.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    }

    public interface ResponseReader<T> {
        T read(ClassicHttpResponse response) throws IOException;
    }

    /// @throws ForbiddenAddress if no request may be sent to the host
    public <T> T exchange(URI url, HttpUriRequestBase request, ResponseReader<T> reader) throws IOException {
        var target = new HttpHost(url.getScheme().toLowerCase(Locale.ROOT), host(url), url.getPort());
        var response = client.executeOpen(target, request, null);
        try {
            return reader.read(response);
        } finally {
            request.abort();   // before close, which would read an endless response to its end
            Closer.closeQuietly(response);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var addresses = InetAddress.getAllByName(host);
        for (var address : addresses) {
            switch (AddressScope.of(address)) {
                case PUBLIC -> { }
                case PRIVATE -> {
                    if (!allowsPrivate.test(host)) {
                        throw new ForbiddenAddress("host %s has the private address %s: %s does not name it"
                                .formatted(host, address.getHostAddress(), setting));
                    }
                }
                case FORBIDDEN -> throw new ForbiddenAddress("host %s has the forbidden address %s"
                        .formatted(host, address.getHostAddress()));
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
