package dev.longhaul.web;

import dev.longhaul.operation.OperationId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The page on which a person answers an input request.
public final class InputRequestUrl {

    private InputRequestUrl() {
    }

    /// @param origin of this service, e.g. `https://jobs.example.com`; may be empty
    public static String of(String origin, OperationId id, String name) {
        return origin + "/input-requests/" + id + "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
