package dev.longhaul.web;

import dev.longhaul.operation.Text;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses the bytes of a request as JSON. A lenient parser would change data silently: overlong UTF-8 becomes other
/// characters, and parsers disagree on which of two equal keys wins.
public final class StrictJson {

    public static final int USUAL_LIMIT = 256 * 1024;
    private static final long MOST_DISCARDED = 16 * 1024 * 1024;
    private static final int DEEPEST = 64;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final JsonMapper strict = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST)
                            .maxNumberLength(1_000).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {
    }

    /// @param limit maximum number of bytes
    /// @param types accepted media types beside `application/json`
    /// @throws Problem `malformed-json`, `too-large` or `unsupported-media-type`
    public static JsonNode read(HttpServletRequest request, int limit, MediaType... types) throws IOException {
        requireJson(request, types);
        var body = request.getInputStream();
        var bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            discard(body);
            throw new Problem(ProblemKind.TOO_LARGE, "a request must have at most " + limit + " bytes");
        }
        var text = decode(bytes);
        return isYaml(request) ? strict.valueToTree(StrictYaml.parse(text)) : parse(text);
    }

    private static boolean isYaml(HttpServletRequest request) {
        return request.getContentType() != null && MediaType.parseMediaType(request.getContentType())
                .equalsTypeAndSubtype(MediaType.APPLICATION_YAML);
    }

    /// A client reads the response after it has sent everything; closing earlier would lose the reason.
    private static void discard(InputStream body) throws IOException {
        var left = MOST_DISCARDED;
        for (var read = 1L; read > 0 && left > 0; left -= read) {
            read = body.skip(64 * 1024);
        }
    }

    private static void requireJson(HttpServletRequest request, MediaType... types) {
        var encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("Content-Encoding must be identity, not " + Text.quoted(encoding));
        }
        var given = request.getContentType();
        try {
            var type = MediaType.parseMediaType(given == null ? "" : given);
            if (!type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    && Arrays.stream(types).noneMatch(type::equalsTypeAndSubtype)
                    || type.getCharset() != null && !type.getCharset().equals(StandardCharsets.UTF_8)) {
                throw unsupported("Content-Type must be application/json in UTF-8, not "
                        + Text.quoted(String.valueOf(given)));
            }
        } catch (InvalidMediaTypeException none) {
            throw unsupported("Content-Type must be application/json"
                    + (given == null ? ", and there is none" : ", not " + Text.quoted(given)));
        }
    }

    private static Problem unsupported(String expected) {
        return new Problem(ProblemKind.UNSUPPORTED_MEDIA_TYPE, expected);
    }

    /// A byte order mark, as Windows programs write it, is left out.
    private static String decode(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException broken) {
            throw new Problem(ProblemKind.MALFORMED_JSON, "the request is not valid UTF-8");
        }
    }

    private static JsonNode parse(String text) {
        try {
            var node = strict.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new Problem(ProblemKind.MALFORMED_JSON, "expected one JSON object, found nothing");
            }
            return node;
        } catch (JacksonException broken) {
            var place = broken.getLocation();
            throw new Problem(ProblemKind.MALFORMED_JSON, "the request is not JSON, or nested deeper than " + DEEPEST
                    + ", or has a key twice"
                    + (place == null ? "" : ": line " + place.getLineNr() + ", column " + place.getColumnNr()));
        }
    }
}
