package dev.longhaul.store;

import dev.longhaul.operation.Submission;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// SHA-256 of a request, 32 bytes: the same idempotency key with another request is a conflict.
final class RequestHash {

    private RequestHash() {
    }

    /// The order of members does not matter: {"a":1,"b":2} and {"b":2,"a":1} have the same hash.
    static byte[] of(Submission submission, JsonMapper json) {
        var asked = JsonNodeFactory.instance.objectNode().put("type", submission.type())
                .put("queue", submission.queue());
        asked.set("input", sorted(submission.input()));
        return sha256().digest(json.writeValueAsString(asked).getBytes(StandardCharsets.UTF_8));
    }

    /// Hash of a batch, in this order.
    static byte[] of(List<Submission> submissions, JsonMapper json) {
        var sum = sha256();
        submissions.forEach(submission -> sum.update(of(submission, json)));
        return sum.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.propertyNames().stream().sorted().forEach(name -> object.set(name, sorted(node.get(name))));
            return object;
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(sorted(element)));
            return array;
        }
        return node;
    }
}
