package dev.longhaul.builtin;

import dev.longhaul.operation.Text;
import dev.longhaul.outbound.AddressScope;
import dev.longhaul.task.NotRetryable;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import org.apache.hc.client5.http.DnsResolver;

/// Where requests may go. The client connects to the addresses that [#resolve] has checked, so no second look-up can
/// bring others.
record AllowedHosts(HttpRequestSettings settings) implements DnsResolver {

    /// A host has an address that no request may go to.
    static final class ForbiddenAddress extends UnknownHostException {

        ForbiddenAddress(String message) {
            super(message);
        }
    }

    /// @param url as given, or as a server answered it
    /// @throws IllegalArgumentException if it is no URL of a host
    static URI url(String what, String url) {
        URI parsed;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(what + " must be a URL, not " + Text.quoted(url));
        }
        if (!"http".equalsIgnoreCase(parsed.getScheme()) && !"https".equalsIgnoreCase(parsed.getScheme())) {
            throw new IllegalArgumentException(what + " must begin with http:// or https://, not be "
                    + Text.quoted(url));
        }
        if (parsed.getRawUserInfo() != null || parsed.getRawAuthority() != null
                && parsed.getRawAuthority().contains("@")) {
            throw new IllegalArgumentException(what
                    + " must not contain a user or password: use the header Authorization");
        }
        if (parsed.getHost() == null || parsed.getHost().contains("%") || parsed.getPort() > 65_535) {
            throw new IllegalArgumentException(what + " must name a host, like https://api.example.org/orders, not be "
                    + Text.quoted(url));
        }
        return parsed;
    }

    /// Lower case; an IPv6 address without its brackets.
    static String host(URI url) {
        return url.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    }

    void check(URI url) throws NotRetryable {
        var host = host(url);
        if (!settings.allow(host)) {
            throw new NotRetryable(("host %s is not among those that may be called: "
                    + "longhaul.http-request.allowed-hosts allows %s")
                    .formatted(host, settings.allowedHosts().isEmpty()
                            ? "none" : String.join(", ", settings.allowedHosts())));
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var addresses = InetAddress.getAllByName(host);
        for (var address : addresses) {
            switch (AddressScope.of(address)) {
                case PUBLIC -> { }
                case PRIVATE -> {
                    if (!settings.allowPrivate(host)) {
                        throw new ForbiddenAddress(("host %s has the private address %s: "
                                + "longhaul.http-request.allow-private-addresses does not name it")
                                .formatted(host, address.getHostAddress()));
                    }
                }
                case NEVER -> throw new ForbiddenAddress("host %s has the address %s, to which no request may go"
                        .formatted(host, address.getHostAddress()));
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
