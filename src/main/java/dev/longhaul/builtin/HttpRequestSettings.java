package dev.longhaul.builtin;

import dev.longhaul.task.NotRetryable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param allowedHosts          hosts that may be called, e.g. api.example.org or *.example.org (without example.org
///     itself); default: none
/// @param allowPrivateAddresses those of them that may have loopback and private addresses; default: none
/// @param connectTimeout        maximum time to connect, e.g. 10s
/// @param responseTimeout       maximum time to the start of a response, and to the end of its body, e.g. 60s
/// @param backoff               first delay between tries and between polls, e.g. 1s; doubles each time
/// @param maxBackoff            maximum delay, unless the server sends a longer Retry-After, e.g. 30s
@ConfigurationProperties("longhaul.http-request")
record HttpRequestSettings(@DefaultValue List<String> allowedHosts, @DefaultValue List<String> allowPrivateAddresses,
        @DefaultValue("10s") Duration connectTimeout, @DefaultValue("60s") Duration responseTimeout,
        @DefaultValue("1s") Duration backoff, @DefaultValue("30s") Duration maxBackoff) {

    HttpRequestSettings {
        allowedHosts = hosts("allowed-hosts", allowedHosts);
        allowPrivateAddresses = hosts("allow-private-addresses", allowPrivateAddresses);
        if (!connectTimeout.isPositive() || !responseTimeout.isPositive()) {
            throw new IllegalArgumentException("longhaul.http-request.connect-timeout and response-timeout must be "
                    + "positive, not " + connectTimeout + " and " + responseTimeout);
        }
        if (!backoff.isPositive() || maxBackoff.compareTo(backoff) < 0) {
            throw new IllegalArgumentException("longhaul.http-request.backoff must be positive and at most "
                    + "max-backoff, not " + backoff + " and " + maxBackoff);
        }
    }

    private static List<String> hosts(String setting, List<String> hosts) {
        for (var host : hosts) {
            if (!host.matches("(\\*\\.)?[A-Za-z0-9._-]+|[0-9A-Fa-f:]+")) {
                throw new IllegalArgumentException("longhaul.http-request." + setting
                        + " must be host names without scheme and port, like api.example.org, "
                        + "*.example.org or 192.168.1.5, not " + host);
            }
        }
        return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    void requireAllowed(String host) throws NotRetryable {
        if (!matches(allowedHosts, host)) {
            throw new NotRetryable("host %s is not allowed: longhaul.http-request.allowed-hosts has %s".formatted(host,
                    allowedHosts.isEmpty() ? "none" : String.join(", ", allowedHosts)));
        }
    }

    boolean allowsPrivate(String host) {
        return matches(allowPrivateAddresses, host);
    }

    private static boolean matches(List<String> patterns, String host) {
        return patterns.stream().anyMatch(pattern -> pattern.startsWith("*.")
                ? host.length() >= pattern.length() && host.endsWith(pattern.substring(1)) : host.equals(pattern));
    }
}
