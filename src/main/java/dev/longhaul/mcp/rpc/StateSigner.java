package dev.longhaul.mcp.rpc;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Signs text that a client returns: HMAC-SHA256 with a key that all nodes share.
@Component
public class StateSigner {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final JdbcClient jdbc;
    private final McpSettings settings;
    private volatile @Nullable SecretKeySpec key;

    StateSigner(JdbcClient jdbc, McpSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /// @param purpose text signed for one purpose is refused for another
    public String sealed(String purpose, String text) {
        var body = ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return body + "." + ENCODER.encodeToString(signature(purpose, body));
    }

    /// Empty: not signed here for this purpose.
    public Optional<String> opened(String purpose, String sealed) {
        var dot = sealed.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        try {
            var body = sealed.substring(0, dot);
            var signature = Base64.getUrlDecoder().decode(sealed.substring(dot + 1));
            return MessageDigest.isEqual(signature, signature(purpose, body))
                    ? Optional.of(new String(Base64.getUrlDecoder().decode(body), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }

    private byte[] signature(String purpose, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key());
            mac.update((purpose + "\0").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private SecretKeySpec key() {
        var known = key;
        if (known == null) {
            known = new SecretKeySpec(settings.secret() == null
                    ? shared() : settings.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
            key = known;
        }
        return known;
    }

    private static final String SHARE = """
            with mine as (insert into mcp_secret (key) values (:key) on conflict do nothing returning key)
            select key from mine union all select key from mcp_secret limit 1
            """;

    /// The first node that needs the key creates it.
    private byte[] shared() {
        var fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        return jdbc.sql(SHARE).param("key", fresh).query(byte[].class).optional()
                // committed meanwhile by another node
                .orElseGet(() -> jdbc.sql("select key from mcp_secret").query(byte[].class).single());
    }
}
