package dev.longhaul.history;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param interval   time between additions to the hash chain, e.g. 10s; while entries are waiting, as often as a fifth
///     of a processor permits
/// @param signingKey PEM file with an Ed25519 private key that signs the daily anchors, e.g. from `openssl genpkey
///     -algorithm ed25519`; the file name without extension is the key's name. Default: anchors are not signed
@ConfigurationProperties("longhaul.audit.chain")
record ChainSettings(@DefaultValue("10s") Duration interval, @Nullable Path signingKey) {

    ChainSettings {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("longhaul.audit.chain.interval must be positive, not " + interval);
        }
    }
}
