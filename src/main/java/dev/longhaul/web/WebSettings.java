package dev.longhaul.web;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param hosts   names of this service, without port; requests to another name are refused
/// @param origins further origins whose pages may send requests, e.g. `http://localhost:6274`; pages of the hosts at
///     the port of this service always may
/// @param requestTimeout how long a client may take to send a request, headers and body; a longer body must arrive at 1
///     KiB per second, e.g. 10s
@ConfigurationProperties("longhaul.web")
record WebSettings(@DefaultValue({"localhost", "127.0.0.1", "[::1]"}) Set<String> hosts,
        @DefaultValue Set<String> origins, @DefaultValue("10s") Duration requestTimeout) {

    WebSettings {
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("longhaul.web.hosts must name at least one host");
        }
        if (!requestTimeout.isPositive()) {
            throw new IllegalArgumentException("longhaul.web.request-timeout must be positive, not " + requestTimeout);
        }
    }
}
