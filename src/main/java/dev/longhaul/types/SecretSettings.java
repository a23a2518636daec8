package dev.longhaul.types;

import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param keys    by name, each 32 random bytes in Base64 (`openssl rand -base64 32`): they encrypt secret fields of
///     inputs, and decrypt stored ones
/// @param current the name of the key that encrypts; the others only decrypt. Default: the only key
@ConfigurationProperties("longhaul.secrets")
record SecretSettings(Map<String, String> keys, @Nullable String current) {

    SecretSettings {
        keys = keys == null ? Map.of() : Map.copyOf(keys);
        keys.forEach((name, key) -> {
            if (!name.matches("[A-Za-z0-9_-]{1,40}") || !isKey(key)) {
                throw new IllegalArgumentException("longhaul.secrets.keys." + name
                        + " must have a name of letters, digits, - and _, and be 32 bytes in Base64 (openssl rand "
                        + "-base64 32)");
            }
        });
        if (current != null && !keys.containsKey(current)) {
            throw new IllegalArgumentException("longhaul.secrets.current must be one of " + keys.keySet() + ", not "
                    + current);
        }
        if (current == null && keys.size() > 1) {
            throw new IllegalArgumentException("longhaul.secrets.current must say which of " + keys.keySet()
                    + " encrypts");
        }
        current = current == null && keys.size() == 1 ? keys.keySet().iterator().next() : current;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 32;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "SecretSettings[keys " + keys.keySet() + ", current " + current + "]";
    }
}
