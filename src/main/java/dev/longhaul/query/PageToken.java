package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Where a page ended: opaque to a client, the same at every node, and good for the very list that gave it.
///
/// It is no secret and grants nothing: it says "beyond this id", as a filter could, so it needs no key that nodes would
/// have to share; the checksum only tells a token of this list from everything else.
///
/// @param after the last id of the page
/// @param asOf  when the first page was read, by the database's clock: `created>-24h` means the same 24 hours on every
///     page
public record PageToken(OperationId after, Instant asOf) {

    private static final int CHECKSUM = 8;
    private static final int LENGTH = 16 + 8 + CHECKSUM;

    /// @param list what was asked for: the filter and the order
    public String text(String list) {
        var payload = payload();
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(ByteBuffer.allocate(LENGTH).put(payload).put(checksum(payload, list)).array());
    }

    /// Empty: it is no token of this list.
    public static Optional<PageToken> parse(String text, String list) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
        if (bytes.length != LENGTH || !Arrays.equals(checksum(Arrays.copyOf(bytes, LENGTH - CHECKSUM), list),
                Arrays.copyOfRange(bytes, LENGTH - CHECKSUM, LENGTH))) {
            return Optional.empty();
        }
        var buffer = ByteBuffer.wrap(bytes);
        return Optional.of(new PageToken(new OperationId(new UUID(buffer.getLong(), buffer.getLong())),
                Instant.ofEpochMilli(buffer.getLong())));
    }

    private byte[] payload() {
        return ByteBuffer.allocate(LENGTH - CHECKSUM).putLong(after.value().getMostSignificantBits())
                .putLong(after.value().getLeastSignificantBits())
                .putLong(asOf.toEpochMilli()).array();
    }

    private static byte[] checksum(byte[] payload, String list) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(payload);
            return Arrays.copyOf(digest.digest(list.getBytes(StandardCharsets.UTF_8)), CHECKSUM);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
