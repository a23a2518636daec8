package dev.longhaul.builtin;

import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The reply of a server.
///
/// @param url     URL that replied, after redirects
/// @param headers by lower-case name
/// @param body    the first [HttpSender#BODY_LIMIT] bytes
/// @param complete false: the body was longer
record HttpReply(URI url, int status, Map<String, String> headers, byte[] body, boolean complete) {

    private static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

    @Nullable String header(String name) {
        return headers.get(name);
    }

    /// Parses the body as JSON if the content type says so and it can be stored, else as text.
    ///
    /// @return null: the body is empty
    @Nullable JsonNode content(JsonMapper json) {
        if (body.length == 0) {
            return null;
        }
        var type = Optional.ofNullable(ContentType.parseLenient(header("content-type")));
        if (type.map(ContentType::getMimeType).filter(name -> name.toLowerCase(Locale.ROOT)
                .matches("application/(.*\\+)?json|text/json")).isPresent()) {
            try {
                return StorableJson.required("the body", StorableJson.cleaned(json.readTree(body)));
            } catch (JacksonException | IllegalArgumentException invalid) {
                // returned as text
            }
        }
        Charset charset = type.map(ContentType::getCharset).orElse(StandardCharsets.UTF_8);
        return json.getNodeFactory().stringNode(Text.cleaned(new String(body, charset), Integer.MAX_VALUE));
    }

    /// The start of the body, for an error message.
    String excerpt() {
        var text = new String(body, 0, Math.min(body.length, 2_000), StandardCharsets.UTF_8).strip()
                .replaceAll("\\s+", " ");
        return text.isEmpty() ? "" : ": " + Text.cleaned(text, 500);
    }

    /// Retry-After in seconds or as a date, at most a day.
    Optional<Duration> retryAfter() {
        var value = header("retry-after");
        if (value == null) {
            return Optional.empty();
        }
        if (value.matches("[0-9]{1,18}")) {
            return Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(value), MAX_RETRY_AFTER.toSeconds())));
        }
        var now = time(header("date")).orElseGet(Instant::now);   // by the clock of the server, which set its date
        return time(value).map(at -> Duration.between(now, at)).map(wait -> wait.compareTo(MAX_RETRY_AFTER) > 0
        ? MAX_RETRY_AFTER : wait);
    }

    private static Optional<Instant> time(@Nullable String date) {
        try {
            return date == null ? Optional.empty()
                    : Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }
}
