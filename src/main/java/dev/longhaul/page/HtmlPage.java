package dev.longhaul.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.HtmlUtils;

/// The frame of every page, with headers that allow nothing but reading it and submitting its form.
final class HtmlPage {

    private static final String STYLE = """
            :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
            body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.4rem }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem; border: 1px solid; border-radius: .3rem }
            label, legend { display: block; margin-top: 1rem; font-weight: 600 }
            small { display: block; font-weight: 400 }
            input:not([type=checkbox]), select, textarea { box-sizing: border-box; width: 100%; padding: .4rem; font: inherit }
            button { margin: 1.25rem .5rem 0 0; padding: .5rem 1.25rem; font: inherit }
            .wrong { border-left: .3rem solid #c22; padding-left: .75rem }
            """;

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title><style>%s</style></head>
            <body><main>
            %s
            </main></body>
            </html>
            """;

    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private HtmlPage() {
    }

    /// @param title text
    /// @param body  markup
    static ResponseEntity<String> page(HttpStatus status, String title, String body) {
        return ResponseEntity.status(status).contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")   // without it a browser sends `Origin: null` with the form
                .header("Cache-Control", "no-store")
                .body(PAGE.formatted(text(title), STYLE, body));
    }

    /// Text as markup shows it.
    static String text(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);   // every Java has it
        }
    }
}
