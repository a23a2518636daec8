package dev.longhaul.rest;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the API says about itself: `openapi.json` (3.1), which a test derives from the controllers, and a page for
/// people.
@RestController
class DocsController {

    private final String openApi;

    DocsController() throws IOException {
        this.openApi = new ClassPathResource("docs/openapi.json").getContentAsString(StandardCharsets.UTF_8);
    }

    @GetMapping(path = "/api/v1/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> openApi() {
        return ResponseEntity.ok().header("Cache-Control", "no-cache").body(openApi);
    }

    @GetMapping("/docs")
    ResponseEntity<Void> page() {
        return ResponseEntity.status(HttpStatus.FOUND).location(URI.create("/docs/index.html")).build();
    }
}
