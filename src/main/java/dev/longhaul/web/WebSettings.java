package dev.longhaul.web;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param hosts the names by which this service is called, without port; a request to another name, or from a page of
///     one, is refused
@ConfigurationProperties("longhaul.web")
record WebSettings(@DefaultValue({"localhost", "127.0.0.1", "[::1]"}) Set<String> hosts) {

    WebSettings {
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("longhaul.web.hosts must name at least one host");
        }
    }
}
