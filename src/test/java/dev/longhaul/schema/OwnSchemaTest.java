package dev.longhaul.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Longhaul in a database that has the tables of an application, and a Flyway of its own.
@ResourceLock(LonghaulTest.SPECIAL)
class OwnSchemaTest {

    private final TestDatabase.Database database = TestDatabase.special().empty();
    private final JdbcClient owner = JdbcClient.create(new DriverManagerDataSource(database.url(),
            database.ownerUser(), database.ownerPassword()));

    @BeforeEach
    void anApplicationLivesThere() {
        owner.sql("create table operation (surgeon text)").update();
        owner.sql("create schema audit").update();
        owner.sql("create table audit.history (of_the_application text)").update();
        owner.sql("create table flyway_schema_history (installed_rank int primary key, version text)").update();
        owner.sql("insert into flyway_schema_history values (1, '1')").update();
    }

    @Test
    void longhaulRunsInASchemaOfItsOwn() throws Exception {
        try (var service = Service.start(database, Service.freePort(), "--longhaul.schema=longhaul").awaitUp()) {
            var answer = service.post("/api/v1/operations", """
                    {"type": "simulate", "input": {"duration_seconds": 0.2, "steps": 2}}""");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            var id = new JsonMapper().readTree(answer.body()).path("operation_id").asString();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(owner.sql("""
                    select to_status from longhaul_audit.history
                    where operation_id = :id::uuid and event in ('submitted', 'status') order by seq""")
                    .param("id", id).query(String.class).list()).containsExactly("pending", "running", "completed"));
            assertThat(service.get("/api/v1/operations?count=exact").body()).contains(id);
            assertThat(service.get("/health").body()).contains("healthy");
        }
        assertThat(owner.sql("select relname from pg_class where relnamespace = 'public'::regnamespace "
                + "and relkind in ('r', 'p', 'v') order by 1").query(String.class).list())
                .containsExactly("flyway_schema_history", "operation");
        assertThat(owner.sql("select count(*) from longhaul.flyway_schema_history").query(Integer.class).single())
                .isGreaterThan(8);
    }

    @Test
    void aSchemaOfAnotherApplicationIsRefusedInASentenceThatNamesBothWaysOut() throws Exception {
        try (var service = Service.start(database, Service.freePort())) {
            assertThat(service.awaitExit(Duration.ofMinutes(1))).isTrue();
            assertThat(service.log()).contains("""
                            Schema public of the database has tables of another application (operation), and none of \
                            Longhaul's.""".strip())
                    .contains("--spring.datasource.url=").contains("--longhaul.schema=longhaul")
                    .doesNotContain("\tat ");
        }
        assertThat(owner.sql("select count(*) from flyway_schema_history").query(Integer.class).single()).isOne();
    }

    @Test
    void aNameThatPostgresqlKeepsForItselfIsRefused() {
        assertThatThrownBy(() -> new SchemaSettings("pg_catalog")).hasMessageContaining("longhaul.schema")
                .hasMessageContaining("not pg_catalog");
    }
}
