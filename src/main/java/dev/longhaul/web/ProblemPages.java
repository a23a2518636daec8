package dev.longhaul.web;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The pages of problem types.
@RestController
class ProblemPages {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>%1$s</title></head>
            <body><h1>%1$s</h1>%2$s</body></html>
            """;

    @GetMapping(path = "/problems", produces = MediaType.TEXT_HTML_VALUE)
    String all() {
        return PAGE.formatted("Problems", Arrays.stream(ProblemKind.values())
                .map(kind -> "<li><a href=\"/problems/%s\">%s</a> (%d)</li>".formatted(kind.code(), kind.title(),
                        kind.status().value()))
                .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>")));
    }

    @GetMapping(path = "/problems/{code}", produces = MediaType.TEXT_HTML_VALUE)
    String one(@PathVariable String code) {
        var kind = Arrays.stream(ProblemKind.values()).filter(one -> one.code().equals(code)).findFirst()
                .orElseThrow(() -> new Problem(ProblemKind.NOT_FOUND, "no such problem type; /problems lists all"));
        return PAGE.formatted(kind.title(),
                "<p>HTTP %d, <code>%s</code>. %s</p>\n<p>%s</p>".formatted(kind.status().value(), kind.code(),
                kind.isRetryable() ? "The same request may succeed later." : "The same request will fail again.",
                kind.explanation().strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replaceAll("`([^`]*)`", "<code>$1</code>")));
    }
}
