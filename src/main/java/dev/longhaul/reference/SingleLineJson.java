package dev.longhaul.reference;

import org.springframework.stereotype.Component;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes JSON in one line for every client of an event stream. The reference's client reads lines with httpx, which
/// also ends them at U+0085, U+2028 and U+2029. A task's message may contain these, so everything but ASCII is escaped.
@Component
public class SingleLineJson {

    private final JsonMapper json;

    SingleLineJson(JsonMapper json) {
        this.json = json.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).disable(SerializationFeature.INDENT_OUTPUT)
                .build();
    }

    public String of(Object value) {
        return json.writeValueAsString(value);
    }
}
