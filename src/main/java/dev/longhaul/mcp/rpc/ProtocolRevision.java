package dev.longhaul.mcp.rpc;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The supported revisions of the protocol, oldest first.
public enum ProtocolRevision {

    V2024_11_05("2024-11-05"),
    V2025_03_26("2025-03-26"),
    V2025_06_18("2025-06-18"),
    V2025_11_25("2025-11-25"),
    /// Without a handshake: every request has the client's metadata.
    V2026_07_28("2026-07-28");

    private final String word;

    ProtocolRevision(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public boolean hasHandshake() {
        return this != V2026_07_28;
    }

    public boolean isAtLeast(ProtocolRevision other) {
        return compareTo(other) >= 0;
    }

    public static Optional<ProtocolRevision> find(String word) {
        return Arrays.stream(values()).filter(revision -> revision.word.equals(word)).findAny();
    }

    /// Newest first.
    public static List<String> words() {
        return Arrays.stream(values()).map(ProtocolRevision::word).toList().reversed();
    }
}
