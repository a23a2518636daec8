package dev.longhaul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The machine's language and time zone change no sentence and no time.
class LocaleTest {

    private static final JsonMapper json = new JsonMapper();
    private static final List<String> TURKISH_IN_INDIA =
            List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Asia/Kolkata");

    @Test
    void aTurkishServiceInAHalfHourTimeZoneSpeaksEnglishAndTellsUtc() throws Exception {
        var database = TestDatabase.shared().fresh();
        try (var service = Service.start(program(), database, Service.freePort()).awaitUp()) {
            assertThat(refusal(service, "/api/v1/operations", """
                    {"type": "simulation", "input": {"duration_seconds": "x", "steps": 0.5}}""").toString())
                    .contains("string found, number expected", "number found, integer expected",
                            "does not fit its schema")
                    .doesNotContain("bulundu", "bekleniyor");
            assertThat(refusal(service, "/api/v1/operations", "{\"type\": \"simulation\", \"queue\": \"\"}").toString())
                    .contains("must be at least 1 characters long");
            assertThat(refusal(service, "/api/v1/workers", """
                    {"name": "x", "types": [{"type": "INPUT", "input_schema": {"type": "object"}}]}""")
                    .path("detail").asString()).contains("not \"INPUT\"");
            assertThat(json.readTree(service.get("/api/v1/operations?filter=status:FAILING").body()).path("detail")
                    .asString()).contains("FAILING");
            assertThat(json.readTree(service.get("/api/v1/nowhere").body()).path("title").asString())
                    .isEqualTo("Not found");
            var id = answered(service, "/api/v1/operations", """
                    {"type": "approval", "input": {"action": "Go on?"}}""").path("operation_id").asString();
            await().atMost(Duration.ofSeconds(30)).until(() -> operation(service, id).path("status").asString()
                    .equals("waiting"));
            var asked = operation(service, id);
            assertThat(asked.at("/input_required/0/kind").asString()).startsWith("authorization");
            assertThat(asked.path("created_at").asString()).endsWith("Z");
            assertThat(Duration.between(Instant.parse(asked.path("created_at").asString()),
                    Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
            answered(service, "/api/v1/operations/" + id + ":provideInput", "{\"answer\": {\"approved\": true}}");
            await().atMost(Duration.ofSeconds(30)).until(() -> operation(service, id).path("status").asString()
                    .equals("completed"));
            var workflow = answered(service, "/api/v1/workflows", """
                    {"nodes": {"first": {"type": "compose", "input": {"value": {"INPUT": [1]}}},
                               "second": {"type": "compose", "input": {"value": "${first.output.INPUT[3]}"}}}}""");
            assertThat(workflow.toString()).doesNotContain("Exception");
            assertThat(service.log()).contains("Longhaul is up").doesNotContain("ERROR");
        }
    }

    @Test
    void aTurkishCommandLineSpeaksEnglish() throws Exception {
        assertThat(commandLine("lıst")).contains("unknown command 'lıst'");
        assertThat(commandLine("ls", "--limit", "x")).contains("--limit").doesNotContain("geçersiz");
        assertThat(commandLine("--help")).contains("ls", "input");
    }

    private static List<String> program() {
        var program = new ArrayList<>(ServiceImage.shared().command());
        program.addAll(1, TURKISH_IN_INDIA);
        return program;
    }

    private static String commandLine(String... arguments) throws Exception {
        var command = program();
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static JsonNode refusal(Service service, String path, String body) throws Exception {
        var answer = service.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 499);
        return json.readTree(answer.body());
    }

    private static JsonNode answered(Service service, String path, String body) throws Exception {
        var answer = service.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return json.readTree(answer.body());
    }

    private static JsonNode operation(Service service, String id) throws Exception {
        return json.readTree(service.get("/api/v1/operations/" + id).body());
    }
}
