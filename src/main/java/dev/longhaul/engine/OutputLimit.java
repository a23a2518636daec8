package dev.longhaul.engine;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The size that the output of an operation may have.
@Component
public record OutputLimit(JsonMapper json) {

    private static final int MAX_BYTES = 1 << 20;

    /// @return what is wrong with the size; null: nothing
    public @Nullable String excess(JsonNode output) {
        var size = json.writeValueAsString(output).getBytes(StandardCharsets.UTF_8).length;
        return size <= MAX_BYTES ? null
                : "output must be at most " + MAX_BYTES + " bytes of JSON, not " + size;
    }
}
