package dev.longhaul.types;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What becomes of the secrets of a value.
public interface SecretReplacement<E extends Exception> {

    /// @param path of the secret within the value: names of members and indices of elements
    JsonNode of(List<String> path, JsonNode secret) throws E;

    /// Called for a text or number in whose place the schema allows an object or a list with secrets.
    default void insteadOfContainer(List<String> path, JsonNode value) throws E {}
}
