package dev.longhaul.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs as Standard Webhooks specifies: HMAC-SHA256 of `id.timestamp.payload` with the decoded secret.
final class WebhookSignature {

    private static final String PREFIX = "whsec_";
    private static final SecureRandom random = new SecureRandom();

    private WebhookSignature() {
    }

    static String newSecret() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /// @param secrets two during a rotation; a receiver accepts a signature with either
    /// @return the value of `webhook-signature`, e.g. `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`
    static String of(String id, long timestamp, String payload, List<String> secrets) {
        return secrets.stream().map(secret -> "v1," + sign(secret, id + "." + timestamp + "." + payload))
                .collect(Collectors.joining(" "));
    }

    private static String sign(String secret, String content) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(PREFIX.length())), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
