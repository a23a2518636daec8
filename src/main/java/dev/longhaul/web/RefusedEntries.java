package dev.longhaul.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The entries of a body's list that were left out, since they are invalid. See [JsonBody#entries].
///
/// @param byIndex in the list as it was sent
public record RefusedEntries(Map<Integer, Refused> byIndex) {

    private static final String ATTRIBUTE = RefusedEntries.class.getName();

    /// @param reason what was expected and what was found
    public record Refused(JsonNode entry, String reason) {}

    public static RefusedEntries of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof RefusedEntries refused ? refused
                : new RefusedEntries(Map.of());
    }

    void keep(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, new RefusedEntries(new TreeMap<>(byIndex)));
    }
}
