package dev.longhaul.embedded;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param dir  directory for binaries, data, passwords and log; created if missing, e.g. `./data`
/// @param port port on 127.0.0.1; if it is taken, a free one, which is kept in `dir` for later starts; 0: any free one
@ConfigurationProperties("longhaul.embedded")
public record EmbeddedSettings(@DefaultValue("./data") Path dir, @DefaultValue("54318") int port) {

    public EmbeddedSettings {
        if (dir.toString().isBlank()) {
            throw new IllegalArgumentException("longhaul.embedded.dir must not be blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("longhaul.embedded.port must be between 0 and 65535, not " + port);
        }
    }
}
