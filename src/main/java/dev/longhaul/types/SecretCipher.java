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

/// Encrypts values that only a task may see: AES-256 in GCM. Each value names its key, so keys can be rotated. A value
/// can be decrypted only for the field and the task type that it was encrypted for.
@Component
public class SecretCipher {

    /// An encrypted value is an object with this member alone.
    private static final String MEMBER = "$encrypted";

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

    /// The result of a step as it is stored: encrypted if it contains a secret.
    ///
    /// @throws InvalidInput if there is no key
    public JsonNode encryptedStep(JsonNode result, String type, String step, Redactor secrets) {
        return isEncrypted(result) || secrets.finds(result)
                ? wrapped(result, type + ", step " + step, null) : result;
    }

    /// The reverse of [#encryptedStep].
    ///
    /// @throws NotRetryable if it cannot be decrypted
    public JsonNode decryptedStep(JsonNode stored, String type, String step) throws NotRetryable {
        return isEncrypted(stored) ? unwrapped(stored, type + ", step " + step) : stored;
    }

    static boolean isEncrypted(JsonNode value) {
        return value.isObject() && value.size() == 1 && value.path(MEMBER).isString();
    }

    static boolean hasEncrypted(JsonNode value) {
        return isEncrypted(value) || value.isContainer() && value.valueStream().anyMatch(SecretCipher::hasEncrypted);
    }

    JsonNode wrapped(JsonNode value, String place, @Nullable String idempotencyKey) {
        return JsonNodeFactory.instance.objectNode().put(MEMBER, encrypt(value, place, idempotencyKey));
    }

    JsonNode unwrapped(JsonNode wrapped, String place) throws NotRetryable {
        return decrypt(wrapped.path(MEMBER).asString(), place);
    }

    /// @param place          where the value belongs: task type and field
    /// @param idempotencyKey the same value under the same key encrypts to the same text, so that a repeated request is
    ///     recognised; null: none
    /// @return name of the key and encrypted value
    /// @throws InvalidInput if there is no key
    String encrypt(JsonNode value, String place, @Nullable String idempotencyKey) {
        if (current == null) {
            throw new InvalidInput(List.of(new InvalidInput.Misfit("", place
                    + ": is secret, and this service has no key to encrypt it (longhaul.secrets.keys)")));
        }
        var plain = json.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        try {
            var nonce = idempotencyKey == null ? random() : nonceOf(idempotencyKey, place, plain);
            var encrypted = cipher(Cipher.ENCRYPT_MODE, current, nonce, place).doFinal(plain);
            return current + ":" + Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(NONCE + encrypted.length).put(nonce).put(encrypted).array());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @throws NotRetryable if this service does not have the key, or the value was encrypted for another place
    JsonNode decrypt(String encrypted, String place) throws NotRetryable {
        var colon = encrypted.indexOf(':');
        var name = encrypted.substring(0, Math.max(0, colon));
        if (!keys.containsKey(name)) {
            throw new NotRetryable(place + " was encrypted with key " + name
                    + ", which longhaul.secrets.keys does not have");
        }
        try {
            var bytes = Base64.getDecoder().decode(encrypted.substring(colon + 1));
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

    /// Equal for equal values only: a nonce must not be used for two values.
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
