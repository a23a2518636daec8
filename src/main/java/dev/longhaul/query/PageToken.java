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

/// The end of a page: opaque to a client, the same at every node, and valid only for the list that returned it.
///
/// It is no secret and grants nothing: a filter can express "beyond this id" too. So it needs no key that nodes would
/// have to share. The checksum only rejects tokens of other lists and other texts.
///
/// @param after last id of the page
/// @param asOf  time of the first page by the database's clock: `created>-24h` means the same 24 hours on every page
public record PageToken(OperationId after, Instant asOf) {

    private static final int CHECKSUM = 8;
    private static final int LENGTH = 16 + 8 + CHECKSUM;

    /// @param list filter and order of the list
    public String text(String list) {
        var payload = payload();
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(ByteBuffer.allocate(LENGTH).put(payload).put(checksum(payload, list)).array());
    }

    /// Empty: the text is no token of this list.
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
