package dev.longhaul.mcp.rpc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// A header that repeats text of the request; text that is not ASCII is Base64 between `=?base64?` and `?=`.
public final class HeaderValue {

    private HeaderValue() {
    }

    /// @param name of the header, for the refusal
    /// @param raw  empty: no header
    public static Optional<String> of(String name, String raw) {
        if (raw.isEmpty()) {
            return Optional.empty();
        }
        if (!raw.startsWith("=?base64?") || !raw.endsWith("?=") || raw.length() < 11) {
            if (raw.chars().anyMatch(character -> character < 0x20 && character != '\t' || character > 0x7e)) {
                throw JsonRpcError.header(name + " must be plain ASCII, or =?base64?…?=");
            }
            return Optional.of(raw);
        }
        try {
            var encoded = raw.substring(9, raw.length() - 2);
            var bytes = Base64.getDecoder().decode(encoded);
            if (!Base64.getEncoder().encodeToString(bytes).equals(encoded)) {
                throw JsonRpcError.header(name + " must be padded Base64 between =?base64? and ?=");
            }
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | CharacterCodingException broken) {
            throw JsonRpcError.header(name + " must be Base64 of UTF-8 between =?base64? and ?=");
        }
    }
}
