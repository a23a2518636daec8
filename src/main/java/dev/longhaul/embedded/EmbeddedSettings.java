package dev.longhaul.embedded;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the embedded PostgreSQL keeps its data and listens.
///
/// @param dir  everything it keeps: binaries, data, passwords, log; made when missing, e.g. `./data`
/// @param port on 127.0.0.1; when another program has it, any free one is taken; 0 = always any free one
@ConfigurationProperties("longhaul.embedded")
public record EmbeddedSettings(@DefaultValue("./data") Path dir, @DefaultValue("54318") int port) {

    public EmbeddedSettings {
        if (dir.toString().isBlank()) {
            throw new IllegalArgumentException("longhaul.embedded.dir must name a directory, not nothing");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("longhaul.embedded.port must be between 0 and 65535, not " + port);
        }
    }
}
