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

/// What a server answered.
///
/// @param url     which one answered, after redirects
/// @param headers by lower-case name
/// @param body    its first [HttpSender#BODY_LIMIT] bytes
/// @param whole   false: there was more
record HttpReply(URI url, int status, Map<String, String> headers, byte[] body, boolean whole) {

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    @Nullable String header(String name) {
        return headers.get(name);
    }

    /// @return null: the body is empty; a text, unless it says that it is JSON, is, and can be stored
    @Nullable JsonNode content(JsonMapper json) {
        if (body.length == 0) {
            return null;
        }
        var type = Optional.ofNullable(ContentType.parseLenient(header("content-type")));
        if (type.map(ContentType::getMimeType).filter(name -> name.toLowerCase(Locale.ROOT)
                .matches("application/(.*\\+)?json|text/json")).isPresent()) {
            try {
                return StorableJson.required("the body", StorableJson.cleaned(json.readTree(body)));
            } catch (JacksonException | IllegalArgumentException notQuite) {
                // then its text is the best that can be had
            }
        }
        Charset charset = type.map(ContentType::getCharset).orElse(StandardCharsets.UTF_8);
        return json.getNodeFactory().stringNode(Text.cleaned(new String(body, charset), Integer.MAX_VALUE));
    }

    /// What the body says, for an error message.
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
            return Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(value), LONGEST_RETRY_AFTER.toSeconds())));
        }
        var now = time(header("date")).orElseGet(Instant::now);   // by the clock that the server's date was set by
        return time(value).map(at -> Duration.between(now, at)).map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) > 0
        ? LONGEST_RETRY_AFTER : wait);
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
