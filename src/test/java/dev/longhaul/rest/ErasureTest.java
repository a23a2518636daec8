package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A person's data can be erased over REST and at the command line, and the history tells by whom and why.
@LonghaulTest
class ErasureTest {

    private static final String CANARY = "ann@example.org";

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;

    private RestClient client() {
        return new RestClient(port);
    }

    private String submit(String more) throws Exception {
        return client().post("/api/v1/operations", """
                {"type": "compose", "input": {"value": "%s"}, "metadata": {"customer": "%s"}%s}"""
                .formatted(CANARY, CANARY, more)).text("/operation_id");
    }

    private String status(String id) {
        return sql.sql("select status from operation where id = :id::uuid").param("id", id).query(String.class).single();
    }

    @Test
    void theDataOfAFinishedOperationIsErasedAndItsMovesStay() throws Exception {
        var id = submit("");
        await().until(() -> status(id).equals("completed"));

        var answer = client().post("/api/v1/operations/" + id + ":eraseData", "{\"reason\": \"request 4711\"}");

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.response().body()).doesNotContain(CANARY).contains("\"status\":\"completed\"");
        assertThat(sql.sql("select to_jsonb(o)::text from operation o where id = :id::uuid").param("id", id)
                .query(String.class).single()).doesNotContain(CANARY);
        assertThat(client().get("/api/v1/operations/" + id + "/history").response().body())
                .contains("\"event\":\"data_erased\"").contains("request 4711").contains("\"to_status\":\"running\"");
        assertThat(client().post("/api/v1/operations/" + id + ":eraseData", "{\"reason\": \"again\"}").status())
                .as("a second request changes nothing").isEqualTo(200);
    }

    @Test
    void anOperationThatIsNotFinishedKeepsItsData() throws Exception {
        var id = submit(", \"delay\": \"1h\"");

        var answer = client().post("/api/v1/operations/" + id + ":eraseData", "{\"reason\": \"request 4711\"}");

        assertThat(answer.code()).isEqualTo("state-conflict");
        assertThat(answer.text("/detail")).contains("is pending").contains("cancel it first");
        assertThat(client().get("/api/v1/operations/" + id).response().body()).contains(CANARY);
    }

    @Test
    void aReasonIsNeeded() throws Exception {
        var answer = client().post("/api/v1/operations/" + submit(", \"delay\": \"1h\"") + ":eraseData", "{}");

        assertThat(answer.code()).isEqualTo("input-invalid");
        assertThat(answer.response().body()).contains("reason");
    }

    @Test
    void theCommandLineErasesToo() throws Exception {
        var id = submit("");
        await().until(() -> status(id).equals("completed"));
        var shell = new Shell(URI.create("http://127.0.0.1:" + port));

        var erased = shell.longhaul("erase", id, "--reason", "request 4712");

        assertThat(erased.exit()).as(erased.err()).isZero();
        assertThat(erased.err()).contains("erased the data of " + id);
        assertThat(client().get("/api/v1/operations/" + id).response().body()).doesNotContain(CANARY);
    }
}
