package dev.longhaul.history;

import dev.longhaul.store.ChainStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs anchors: rewriting the history and everything computed from it still requires the key.
final class AnchorKey {

    private static final Logger log = LoggerFactory.getLogger(AnchorKey.class);

    private final String name;
    private final PrivateKey key;

    /// @throws IllegalArgumentException if the file does not contain an Ed25519 private key
    AnchorKey(Path file) {
        try {
            var pem = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
            key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException invalid) {
            throw new IllegalArgumentException("longhaul.audit.chain.signing-key must name a file with an Ed25519 "
                    + "private key in PEM (openssl genpkey -algorithm ed25519), not " + file, invalid);
        }
    }

    void signAll(ChainStore chain) {
        for (var anchor : chain.unsigned()) {
            chain.sign(anchor.number(), name, sign(anchor.hash()));
            log.info("signed anchor {} of the history with key {}", anchor.number(), name);
        }
    }

    private byte[] sign(byte[] hash) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(hash);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
