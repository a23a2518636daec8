package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.types.InputTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/// `docs/openapi.json` is what the controllers are: `mvn test -Dtest=OpenApiTest -Dregenerate` writes it anew.
@LonghaulTest
class OpenApiTest {

    private static final Path FILE = Path.of("docs/openapi.json");

    @LocalServerPort
    int port;
    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mapping;
    @Autowired
    InputTypes types;

    @Test
    void theDocumentIsWhatTheControllersAre() throws Exception {
        var document = new JsonMapper().writerWithDefaultPrettyPrinter()
                .writeValueAsString(new OpenApi(mapping, types).document()) + "\n";
        if (System.getProperty("regenerate") != null) {
            Files.writeString(FILE, document);
        }
        assertThat(Files.readString(FILE))
                .as("docs/openapi.json differs from the controllers; write it anew with: mvn test -Dtest=OpenApiTest "
                + "-Dregenerate").isEqualTo(document);
    }

    @Test
    void operationIdsAreUniqueAndSummariesAreImperative() {
        var handlers = OpenApi.handlers(mapping);

        assertThat(handlers).extracting(handler -> handler.handler().getMethod().getName()).doesNotHaveDuplicates();
        assertThat(handlers.stream()
                .filter(handler -> !handler.handler().getBeanType().getPackageName().endsWith(".worker"))
                .map(handler -> handler.endpoint().value()))
                .allMatch(summary -> summary.matches("(?!\\w+s )[A-Z].*[^.]"), "an imperative verb first");
    }

    @Test
    void itIsServedWithAPageForPeopleThatNeedsNoOtherHost() throws Exception {
        var client = new RestClient(port);

        assertThat(client.get("/api/v1/openapi.json").text("/openapi")).isEqualTo("3.1.0");
        assertThat(client.get("/docs").header("Location")).endsWith("/docs/index.html");
        var page = client.get("/docs/index.html").response().body();
        var links = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page).results().map(found -> found.group(1))
                .toList();
        assertThat(links).hasSize(3).allMatch(link -> link.startsWith("/"));
        for (var link : links) {
            assertThat(client.get(link).status()).as(link).isEqualTo(200);
        }
    }
}
