package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks at the command line.
@LonghaulTest
class WebhooksCommandTest {

    private static final String UNKNOWN = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final JsonMapper json = new JsonMapper();

    private final AtomicInteger requests = new AtomicInteger();
    @LocalServerPort
    int port;
    private Shell shell;
    private HttpServer receiver;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
        // Tests before this one may have left some.
        shell.longhaul("webhooks", "-o", "name").text().lines().forEach(id -> shell.longhaul("webhooks", "delete", id));
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/gone") ? 410 : 204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
    }

    @Test
    void aWebhookIsCreatedTestedShownRedeliveredAndDeleted() {
        var made = shell.longhaul("webhooks", "create", hook("/hook"), "--event", "completed,operation.failed",
                "--filter", "queue:hooked", "--about", "for Ann");
        var id = shell.longhaul("webhooks", "-o", "name").text();
        var list = shell.longhaul("webhooks");
        var shown = shell.longhaul("webhooks", "show", id);
        var tried = shell.longhaul("webhooks", "test", id, "--watch");
        var operation = shell.longhaul("run", "simulation", "-q", "hooked", "-i", "duration_seconds=0", "-i", "steps=1")
                .text();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() ->
                assertThat(shell.longhaul("webhooks", "deliveries", id).out())
                .containsPattern("operation.completed +" + operation + " +completed +1 +204"));
        var delivery = shell.longhaul("webhooks", "deliveries", id, "-n", "1", "-o", "name").text();
        var again = shell.longhaul("webhooks", "redeliver", id, delivery, "--watch");
        var wide = shell.longhaul("webhooks", "deliveries", id, "-o", "wide");
        var rotated = json.readTree(shell.longhaul("webhooks", "rotate", id, "-o", "json").out());
        var deleted = shell.longhaul("webhooks", "delete", id);

        assertThat(made.err()).isEmpty();
        assertThat(made.out()).containsPattern("webhook +" + id).containsPattern("secret +whsec_")
                .containsPattern("about +for Ann");
        assertThat(list.out()).containsPattern("^ID +STATE +EVENTS +FILTER +URL")
                .containsPattern(id + " +enabled +completed,failed +queue:hooked +" + hook("/hook"));
        assertThat(shown.out()).containsPattern("state +enabled").doesNotContain("whsec_");
        assertThat(tried.exit()).as(tried.err()).isZero();
        assertThat(tried.out()).contains("webhook_delivery  completed");
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(requests).as("a test, an event and the event again").hasValue(3);
        assertThat(wide.out()).contains("DELIVERED BY", delivery);
        assertThat(rotated.get("secret").asString()).startsWith("whsec_").isNotEqualTo(secret(made));
        assertThat(rotated.hasNonNull("previous_secret_until")).isTrue();
        assertThat(deleted.text()).isEqualTo(id + "  deleted");
        assertThat(shell.longhaul("webhooks", "show", id).exit()).isEqualTo(6);
        assertThat(shell.longhaul("webhooks").err()).contains("No webhooks yet");
    }

    @Test
    void aWebhookIsEditedDisabledAndEnabled() {
        var id = json.readTree(shell.longhaul("webhooks", "create", hook("/gone"), "-e", "failed", "-o", "json").out())
                .get("webhook_id").asString();
        shell.longhaul("webhooks", "test", id);
        await().untilAsserted(() -> assertThat(shell.longhaul("webhooks").out()).containsPattern(id
                + " +disabled +failed +" + hook("/gone") + " +the receiver answered 410 Gone"));
        var edited = shell.longhaul("webhooks", "edit", id, "--target", hook("/back"), "-e", "cancelled", "-f",
                "type:simulation");
        var enabled = shell.longhaul("webhooks", "enable", id, "-o", "json");
        var disabled = shell.longhaul("webhooks", "disable", id);

        assertThat(edited.err()).isEmpty();
        assertThat(edited.out()).containsPattern("url +" + hook("/back")).containsPattern("events +cancelled")
                .containsPattern("filter +type:simulation");
        assertThat(json.readTree(enabled.out()).get("enabled").asBoolean()).isTrue();
        assertThat(disabled.out()).containsPattern("state +disabled: disabled by request");
        assertThat(shell.longhaul("webhooks", "edit", id).exit()).as("nothing to change").isEqualTo(2);
        shell.longhaul("webhooks", "delete", id);
    }

    @Test
    void anInvalidWebhookIsRefusedInASentence() {
        assertThat(shell.longhaul("webhooks", "create", hook("/hook"))).satisfies(nothing -> {
            assertThat(nothing.exit()).isEqualTo(2);
            assertThat(nothing.err()).contains("--event");
        });
        assertThat(shell.longhaul("webhooks", "create", "https://10.0.0.7/x", "-e", "failed")).satisfies(privateOne -> {
            assertThat(privateOne.exit()).isEqualTo(2);
            assertThat(privateOne.err()).contains("10.0.0.7");
        });
        assertThat(shell.longhaul("webhooks", "create", hook("/hook"), "-e", "exploded").err())
                .contains("operation.exploded");
        assertThat(shell.longhaul("webhooks", "deliveries", UNKNOWN).exit()).isEqualTo(6);
        assertThat(shell.longhaul("webhooks", "enable", UNKNOWN).exit()).isEqualTo(6);
        assertThat(shell.longhaul("webhooks", "enable", UNKNOWN, "--url", "http://127.0.0.1:1").exit()).isEqualTo(4);
        assertThat(shell.longhaul("webhooks", "redeliver", UNKNOWN, UNKNOWN).exit()).isEqualTo(6);
    }

    private String hook(String path) {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
    }

    private static String secret(Shell.Answer made) {
        return made.out().lines().filter(line -> line.startsWith("secret"))
                .map(line -> line.replaceFirst("secret +", "")).findFirst().orElseThrow();
    }
}
