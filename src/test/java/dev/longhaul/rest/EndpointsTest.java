package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.LonghaulTest;
import dev.longhaul.web.ProblemKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The contract: every endpoint grants what [ValidRequests] asks of it, as openapi.json says, and answers with each
/// problem that it documents. An endpoint that is added without a request here, and a problem that is documented and
/// never comes, fail it.
@LonghaulTest
@TestPropertySource(properties = "longhaul.simulation.any-type=false")   // and a database of its own, which goes away
class EndpointsTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mapping;
    @Value("${test.superuser-url}")
    String superuserUrl;
    private RestClient client;
    private ValidRequests granted;
    private ProblemRequests refused;

    @BeforeEach
    void connect() {
        client = new RestClient(port);
        granted = new ValidRequests(client);
        refused = new ProblemRequests(client, granted);
    }

    @Test
    void whatIsGrantedIsAnsweredAsTheDocumentSays() throws Exception {
        var document = json.readTree(Files.readString(Path.of("docs/openapi.json")));
        var broken = new ArrayList<String>();
        for (var endpoint : endpoints()) {
            keeping(broken, endpoint.name(), () -> requireGranted(endpoint, document));
        }
        assertThat(broken).isEmpty();
    }

    private void requireGranted(OpenApi.Handler endpoint, JsonNode document) throws Exception {
        var request = granted.of(endpoint.name());
        var documented = document.path("paths").path(endpoint.path()).path(endpoint.method().toLowerCase(Locale.ROOT));
        if (documented.at("/responses/200/content").has("text/event-stream")) {
            assertThat(client.streams(request.path(endpoint.path()))).isEqualTo("200 text/event-stream");
            return;
        }
        var answer = refused.send(endpoint, request);
        assertThat(answer.status()).as(answer.response().body())
                .isEqualTo(Objects.requireNonNull(endpoint.endpoint()).status());
        var schema = documented.path("responses").path(String.valueOf(answer.status()))
                .at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            assertThat(answer.response().body()).isEmpty();
        } else {
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(misfits(document, schema, answer.json())).as(answer.response().body()).isEmpty();
        }
    }

    @Test
    void everyDocumentedProblemComes() throws Exception {
        var pages = new HashMap<String, String>();
        var broken = new ArrayList<String>();
        for (var endpoint : endpoints()) {
            for (var kind : OpenApi.problems(endpoint, Objects.requireNonNull(endpoint.endpoint()))) {
                if (kind != ProblemKind.DATABASE_UNAVAILABLE) {   // below
                    keeping(broken, endpoint.name() + " -> " + kind.code(), () -> {
                        var provoked = refused.provoke(endpoint, kind);
                        requireProblem(kind, provoked.answer());
                        assertThat(provoked.answer().text("/detail")).as("what was expected and what was found")
                                .contains(provoked.names());
                        var type = provoked.answer().text("/type");
                        if (!pages.containsKey(type)) {
                            pages.put(type, client.get(type).response().body());
                        }
                        assertThat(pages.get(type)).contains("<h1>" + kind.title());
                    });
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private interface Part {
        void judge() throws Exception;
    }

    /// All that is broken is told at once.
    private static void keeping(List<String> broken, String what, Part part) throws Exception {
        try {
            part.judge();
        } catch (AssertionError failed) {
            broken.add(what + ": " + failed.getMessage());
        }
    }

    /// Every endpoint at once, so that they wait together for connections that do not come.
    @Test
    void whileTheDatabaseIsAwayEveryEndpointThatNeedsItSaysSo() throws Exception {
        var requests = new HashMap<OpenApi.Handler, ValidRequests.Request>();
        for (var endpoint : endpoints()) {
            requests.put(endpoint, granted.of(endpoint.name()));
        }
        var answers = new HashMap<OpenApi.Handler, Future<RestClient.Answer>>();
        var answered = new ArrayList<String>();
        try (var gone = new DatabaseGone(superuserUrl); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            requests.forEach((endpoint, request) -> answers.put(endpoint,
                    threads.submit(() -> refused.send(endpoint, request))));
            for (var answer : answers.entrySet()) {
                var endpoint = answer.getKey();
                if (answer.getValue().get().status() != 503) {
                    answered.add(endpoint.name() + " " + answer.getValue().get().status());
                    continue;
                }
                requireProblem(ProblemKind.DATABASE_UNAVAILABLE, answer.getValue().get());
                assertThat(answer.getValue().get().header("Retry-After")).as(endpoint.name()).isNotNull();
            }
        } finally {
            await().atMost(Duration.ofSeconds(60)).until(() -> client.get("/actuator/health").status() == 200);
        }
        assertThat(answered).as("answers without a database")
                .containsExactlyInAnyOrder("GET /api/v1/whoami 200", "GET /api/v1/workflows:schema 200");
    }

    private List<OpenApi.Handler> endpoints() {
        return OpenApi.handlers(mapping);
    }

    private static void requireProblem(ProblemKind kind, RestClient.Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(kind.status().value());
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.code()).isEqualTo(kind.code());
        assertThat(answer.text("/type")).isEqualTo("/problems/" + kind.code());
        assertThat(answer.text("/title")).isEqualTo(kind.title());
        assertThat(answer.json().get("status").asInt()).isEqualTo(kind.status().value());
        assertThat(answer.text("/request_id")).isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.json().get("retryable").asBoolean()).isEqualTo(kind == ProblemKind.DATABASE_UNAVAILABLE);
    }

    private static List<String> misfits(JsonNode document, JsonNode schema, JsonNode answer) {
        var whole = json.createObjectNode();
        whole.set("components", document.get("components"));
        schema.forEachEntry((name, value) -> whole.set(name, value));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(whole).validate(answer)
                .stream().map(Object::toString).toList();
    }

    /// A database that takes no connections, and has ended those there were.
    private record DatabaseGone(String name, JdbcClient server) implements AutoCloseable {

        DatabaseGone(String url) {
            this(url.replaceFirst(".*/([^?]*).*", "$1"),
                    JdbcClient.create(new DriverManagerDataSource(url.replaceFirst("/[^/?]*(\\?|$)", "/postgres$1"))));
            server.sql("alter database " + name + " allow_connections false").update();
            server.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
                    .param("name", name).query(Boolean.class).list();
        }

        @Override
        public void close() {
            server.sql("alter database " + name + " allow_connections true").update();
        }
    }
}
