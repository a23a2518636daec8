package dev.longhaul.web;

import dev.longhaul.operation.OperationId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Where a person answers a question.
public final class InputRequestUrl {

    private InputRequestUrl() {
    }

    /// @param origin how this service is called, e.g. `https://jobs.example.com`; may be empty
    public static String of(String origin, OperationId id, String name) {
        return origin + "/questions/" + id + "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
