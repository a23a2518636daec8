package dev.longhaul.history;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param every      how often new entries of the history are sealed, e.g. 10s; while more are waiting, as often as
///     leaves four fifths of a processor to others
/// @param signingKey a file with an Ed25519 private key in PEM, e.g. of `openssl genpkey -algorithm ed25519`, with
///                   which the daily anchors are signed; its name without its ending names the key in them. Default:
///                   they are not signed
@ConfigurationProperties("longhaul.audit.seal")
record ChainSettings(@DefaultValue("10s") Duration every, @Nullable Path signingKey) {

    ChainSettings {
        if (!every.isPositive()) {
            throw new IllegalArgumentException("longhaul.audit.seal.every must be positive, not " + every);
        }
    }
}
