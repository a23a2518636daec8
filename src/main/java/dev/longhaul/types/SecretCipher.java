package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.task.NotRetryable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Encrypts what only a task may see: AES-256 in GCM, each value with the name of its key, so that keys can be changed
/// one after the other. A sealed value fits only the field of the type of task that it was sealed for.
@Component
public class SecretCipher {

    /// A sealed value is an object with this field alone.
    private static final String SEALED = "$sealed";

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, SecretKeySpec> keys;
    private final @Nullable String current;
    private final JsonMapper json;

    SecretCipher(SecretSettings settings, JsonMapper json) {
        this.keys = settings.keys().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey,
                        key -> new SecretKeySpec(Base64.getDecoder().decode(key.getValue()), "AES")));
        this.current = settings.current();
        this.json = json;
    }

    /// The result of a step as it is stored: encrypted, if something of it must not be seen.
    ///
    /// @throws InvalidInput if there is no key
    public JsonNode sealedStep(JsonNode result, String type, String step, Redactor secrets) {
        return isSealed(result) || !secrets.redact(result).equals(result)
                ? sealed(result, type + ", step " + step, null) : result;
    }

    /// The result of a step as whoever finished it made it.
    ///
    /// @throws NotRetryable if it cannot be decrypted
    public JsonNode openedStep(JsonNode stored, String type, String step) throws NotRetryable {
        return isSealed(stored) ? opened(stored, type + ", step " + step) : stored;
    }

    static boolean isSealed(JsonNode value) {
        return value.isObject() && value.size() == 1 && value.path(SEALED).isString();
    }

    static boolean hasSealed(JsonNode value) {
        return isSealed(value) || value.isContainer() && value.valueStream().anyMatch(SecretCipher::hasSealed);
    }

    JsonNode sealed(JsonNode value, String place, @Nullable String key) {
        return JsonNodeFactory.instance.objectNode().put(SEALED, seal(value, place, key));
    }

    JsonNode opened(JsonNode sealed, String place) throws NotRetryable {
        return open(sealed.path(SEALED).asString(), place);
    }

    /// @param place where the value belongs: type of task and field
    /// @param key   of idempotency; the same value sealed again under the same one is the same, so that a repeated
    ///     request can be told from another. Null: none
    /// @return name of the key and encrypted value
    /// @throws InvalidInput if there is no key
    String seal(JsonNode value, String place, @Nullable String key) {
        if (current == null) {
            throw new InvalidInput(List.of(new InvalidInput.Misfit("", place
                    + ": is secret, and this service has no key to keep it with (longhaul.secrets.keys)")));
        }
        var plain = json.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        try {
            var nonce = key == null ? random() : nonceOf(key, place, plain);
            var sealed = cipher(Cipher.ENCRYPT_MODE, current, nonce, place).doFinal(plain);
            return current + ":" + Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @throws NotRetryable if it was sealed with a key that this service does not have, or for another place
    JsonNode open(String sealed, String place) throws NotRetryable {
        var colon = sealed.indexOf(':');
        var name = sealed.substring(0, Math.max(0, colon));
        if (!keys.containsKey(name)) {
            throw new NotRetryable(place + " was encrypted with key " + name
                    + ", which longhaul.secrets.keys does not have");
        }
        try {
            var bytes = Base64.getDecoder().decode(sealed.substring(colon + 1));
            var cipher = cipher(Cipher.DECRYPT_MODE, name, Arrays.copyOf(bytes, NONCE), place);
            return json.readTree(new String(cipher.doFinal(bytes, NONCE, bytes.length - NONCE),
                    StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException unfit) {
            throw new NotRetryable(place + " cannot be decrypted: it was changed, or encrypted for something else");
        }
    }

    private Cipher cipher(int mode, String key, byte[] nonce, String place) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.get(key), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] random() {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    /// Different for different values, as a nonce must be, and the same for the same.
    private byte[] nonceOf(String key, String place, byte[] plain) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(keys.get(current).getEncoded(), "HmacSHA256"));
        for (var part : new byte[][] {key.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8),
                plain}) {
            mac.update(ByteBuffer.allocate(4).putInt(part.length).array());
            mac.update(part);
        }
        return Arrays.copyOf(mac.doFinal(), NONCE);
    }
}
