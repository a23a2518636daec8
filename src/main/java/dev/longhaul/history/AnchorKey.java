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

/// Signs anchors, so that whoever rewrites the history and all that is computed from it still lacks the key.
final class AnchorKey {

    private static final Logger log = LoggerFactory.getLogger(AnchorKey.class);

    private final String name;
    private final PrivateKey key;

    /// @throws IllegalArgumentException if the file has no such key
    AnchorKey(Path file) {
        try {
            var pem = Files.readString(file).replaceAll("-----[A-Z ]+-----|\\s", "");
            key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unfit) {
            throw new IllegalArgumentException("longhaul.audit.seal.signing-key must name a file with an Ed25519 "
                    + "private key in PEM "
                    + "(openssl genpkey -algorithm ed25519), not " + file, unfit);
        }
    }

    void signAll(ChainStore seals) {
        for (var anchor : seals.unsigned()) {
            seals.sign(anchor.number(), name, sign(anchor.hash()));
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
