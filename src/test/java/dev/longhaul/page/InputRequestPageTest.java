package dev.longhaul.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.mcp.McpClient;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// A person with nothing but a link reads what an operation asks, answers it in a form, and later sees who answered
/// what.
@LonghaulTest
class InputRequestPageTest {

    private static final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    int port;
    @Autowired
    OperationStore store;
    @Autowired
    InputRequests answers;
    @Autowired
    JsonMapper json;

    @Test
    void aQuestionIsReadAndAnsweredByItsLink() throws Exception {
        var id = asking("authorization", "send");

        var page = get(link(id, "send"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<h1>Send to 1,204 customers?</h1>", "Risk: <strong>high</strong>",
                "&quot;customers&quot; : 1204", ">Approve</button>", "name=\"field.comment\"")
                .doesNotContain("<script");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "frame-ancestors 'none'").doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");

        var sent = post(link(id, "send"), "approved=true&field.comment=fine", "http://localhost:" + port);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
        assertThat(ended(id).output()).hasToString("{\"sent\":true}");
        var after = get(URI.create("http://localhost:" + port)
                .resolve(sent.headers().firstValue("Location").orElseThrow()));
        assertThat(after.body()).contains("Answered by client 127.0.0.1", "&quot;comment&quot; : &quot;fine&quot;")
                .doesNotContain("<form");
        assertThat(answers.all(id).getFirst().answer().via()).isEqualTo("dashboard");
        assertThat(post(link(id, "send"), "approved=false", "http://localhost:" + port).statusCode())
                .as("the first answer stands").isEqualTo(409);
    }

    @Test
    void whatDoesNotFitIsSaidAndWhatWasEnteredStays() throws Exception {
        var id = asking("review", "letter");
        assertThat(get(link(id, "letter")).body()).contains("Dear all</textarea>");

        var refused = post(link(id, "letter"), "field.text=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
                "http://localhost:" + port);
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("role=\"alert\"", "subject", "&lt;/textarea&gt;&lt;script&gt;")
                .doesNotContain("<script");
        assertThat(store.find(id).orElseThrow().isOver()).isFalse();

        assertThat(post(link(id, "letter"), "field.subject=Hi&field.text=Dear+%C3%84nne%0D%0AYours",
                "http://localhost:" + port)
                .statusCode()).isEqualTo(303);
        assertThat(ended(id).output())
                .isEqualTo(json.readTree("{\"subject\": \"Hi\", \"text\": \"Dear Änne\\nYours\"}"));
    }

    @Test
    void aFormOfAnotherSiteIsRefusedAndAWrongLinkLeadsNowhere() throws Exception {
        var id = asking("choice", "region");
        assertThat(get(link(id, "region")).body()).contains("<option>eu</option><option>us</option>");

        assertThat(post(link(id, "region"), "field.choice=us", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(post(link(id, "region"), "field.choice=us", "null").statusCode()).isEqualTo(403);
        assertThat(answers.open(id)).hasSize(1);

        assertThat(get(link(id, "nothing")).statusCode()).isEqualTo(404);
        assertThat(get(URI.create("http://localhost:" + port + "/input-requests/garbage?name=region")).statusCode())
                .isEqualTo(404);
        store.cancel(id, null, new Caller("ann", "test"));
        ended(id);
        assertThat(get(link(id, "region")).body()).contains("The operation is cancelled; no answer is needed.")
                .doesNotContain("<form");
    }

    @Test
    void aClientThatOpensPagesButShowsNoFormsIsGivenOurs() throws Exception {
        var opening = McpClient.modern(URI.create("http://localhost:" + port),
                "{\"elicitation\": {\"url\": {}}, \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}");
        var id = opening.tool("asking", "{\"kind\": \"choice\", \"has_fallback\": false}").get("taskId").asString();

        await().until(() -> opening.call("tasks/get", "{\"taskId\": \"" + id + "\"}").get("status").asString()
                .equals("input_required"));
        var asked = opening.call("tasks/get", "{\"taskId\": \"" + id + "\"}").at("/inputRequests/region/params");
        assertThat(asked.get("mode").asString()).isEqualTo("url");
        assertThat(post(URI.create(asked.get("url").asString()), "field.choice=us", "http://localhost:" + port)
                .statusCode())
                .isEqualTo(303);
        opening.call("tasks/update", "{\"taskId\": \"" + id
                + "\", \"inputResponses\": {\"region\": {\"action\": \"accept\"}}}");

        await().until(() -> opening.call("tasks/get", "{\"taskId\": \"" + id + "\"}")
                .at("/result/structuredContent/output/region").asString("").equals("us"));
    }

    private OperationId asking(String kind, String name) {
        var id = store.submit(Submission.of("asking", json.createObjectNode().put("kind", kind).put("has_fallback",
                false)), new Caller("ann", "test")).operation().id();
        await().until(() -> answers.open(id).stream().anyMatch(question -> question.name().equals(name)));
        return id;
    }

    private Operation ended(OperationId id) {
        await().atMost(Duration.ofSeconds(20)).until(() -> store.find(id).orElseThrow().isOver());
        return store.find(id).orElseThrow();
    }

    private URI link(OperationId id, String name) {
        return URI.create("http://localhost:" + port + "/input-requests/" + id + "?name=" + name);
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(URI uri, String form, String origin) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).header("Content-Type",
                "application/x-www-form-urlencoded").header("Origin", origin)
                .POST(BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
