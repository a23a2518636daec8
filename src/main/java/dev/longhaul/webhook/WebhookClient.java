package dev.longhaul.webhook;

import dev.longhaul.operation.Text;
import dev.longhaul.outbound.OutboundClient;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Posts to receivers. It follows no redirect and reads only the head of a response.
@Component
class WebhookClient implements AutoCloseable {

    private final WebhookSettings settings;
    private final OutboundClient client;

    WebhookClient(WebhookSettings settings) {
        this.settings = settings;
        this.client = new OutboundClient("longhaul-webhook", settings.timeout(), settings.timeout(),
                "longhaul.webhook.allow-private-addresses", settings::allowsPrivate);
    }

    /// @param retryAfter header of the response; null: none
    record Reply(int status, @Nullable String retryAfter) {}

    /// Checks as much as is possible without a DNS lookup.
    ///
    /// @throws IllegalArgumentException if the URL can never be called
    URI checked(String url) {
        var parsed = OutboundClient.parse("url", url);
        var host = OutboundClient.host(parsed);
        if ("http".equalsIgnoreCase(parsed.getScheme()) && !settings.allowsPrivate(host)) {
            throw new IllegalArgumentException("url must begin with https://, not be " + Text.quoted(url)
                    + "; http:// is for hosts that longhaul.webhook.allow-private-addresses names");
        }
        if (isLiteral(host)) {
            try {
                client.resolve(host);
            } catch (UnknownHostException forbidden) {
                throw new IllegalArgumentException(forbidden.getMessage());
            }
        }
        return parsed;
    }

    private static boolean isLiteral(String host) {
        return host.contains(":") || host.matches("[0-9.]+") || host.equals("localhost");
    }

    Reply post(URI url, String payload, Map<String, String> headers) throws IOException {
        var request = new HttpPost(url);
        headers.forEach(request::setHeader);
        request.setEntity(new StringEntity(payload, ContentType.create("application/json", StandardCharsets.UTF_8)));
        return client.exchange(url, request, response -> {
            var retryAfter = response.getFirstHeader("Retry-After");
            return new Reply(response.getCode(), retryAfter == null ? null : retryAfter.getValue());
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
