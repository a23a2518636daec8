package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.database.AuditTest.Question;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The chain digests reveal history that was rewritten behind the triggers. The anchors reveal chain digests that were
/// computed again.
@ResourceLock(LonghaulTest.SPECIAL)
class ChainTest {

    private static final MigratedDatabase database = new MigratedDatabase();

    /// Only a superuser can switch the triggers off; he does so for one statement about an operation that went 1
    /// pending, 2 running, 3 completed.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            update operation_history set changed_by = 'somebody else' where seq = 2                                        | an entry is not the one that the chain covers
            update operation_history set at = at - interval '1 microsecond' where seq = 3                                  | an entry is not the one that the chain covers
            update operation_history set reason = '' where seq = 1                                                         | an entry is not the one that the chain covers
            update operation_history set error = '{"message": "never happened"}' where seq = 3                             | an entry is not the one that the chain covers
            delete from operation_history where seq = 2                                                                    | the chain covers 3 entries, and 2 are there
            delete from operation_history where seq = 3                                                                    | the chain covers 3 entries, and 2 are there
            update operation_history set seq = seq + 1 where seq = 3                                                       | the chain covers 3 entries, and 2 are there
            delete from chain_digest where seq > 0                                                                       | 3 entries came behind the chain
            """)
    @Question("broken-digests.sql")
    void aRewrittenPastIsFound(String forgery, String problem) {
        var id = database.submitAndLeadTo("completed");
        seal();
        assertThat(problems(id)).isEmpty();

        forge(forgery + " and operation_id = '" + id + "'");

        assertThat(problems(id)).contains(problem);
    }

    @Test
    void entriesThatComeLaterAreSealedOnTop() {
        var id = database.submit();
        seal();
        database.move(id, "running");
        seal();
        seal();
        database.move(id, "failed");
        database.move(id, "pending");
        seal();

        assertThat(problems(id)).isEmpty();
        assertThat(database.asReader().sql("select seq from audit.chain_digest where operation_id = :id and hash = computed")
                .param("id", id).query(Integer.class).single()).isEqualTo(4);
    }

    @Test
    void whatIsNotCommittedYetIsSealedWhenItIs() throws Exception {
        UUID id;
        try (var connection = database.connectAsService(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            var row = statement.executeQuery("insert into operation (type) values ('slow') returning id");
            row.next();
            id = row.getObject(1, UUID.class);
            seal();
            database.submit();
            seal();
            connection.commit();
        }
        seal();

        assertThat(problems(id)).isEmpty();
        assertThat(database.asReader().sql("select count(*) from audit.chain_digest where operation_id = :id").param("id", id)
                .query(Integer.class).single()).isEqualTo(1);
    }

    @Test
    void theChangeOfAnOlderTransactionIsChainedBehindThoseOfYoungerOnes() throws Exception {
        seal();
        UUID id;
        try (var older = database.connectAsService(); var statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            id = database.submit();
            database.move(id, "running");
            statement.execute("update operation set status = 'cancelled' where id = '" + id + "'");
            older.commit();
        }
        boolean isBehind;
        do {
            isBehind = database.asService().sql("select is_behind from extend_chain(2)").query(Boolean.class).single();
        } while (isBehind);

        assertThat(problems(id)).isEmpty();
    }

    @Test
    @Question("anchors.sql")
    void whoComputesTheSealsAnewIsFoundByTheAnchors() {
        var id = database.submitAndLeadTo("completed");
        seal();
        anchor();
        database.submitAndLeadTo("failed");
        database.move(database.submit(), "running");
        seal();
        anchor();
        assertThat(verdicts()).hasSizeGreaterThanOrEqualTo(2).containsOnly("agrees");

        forge("update operation_history set changed_by = 'nobody' where seq = 2 and operation_id = '" + id + "'");
        forge("update chain_digest s set hash = v.computed from audit.chain_digest v where v.operation_id = s.operation_id "
                + "and s.operation_id = '" + id + "'");
        assertThat(problems(id)).as("the seals were computed anew").isEmpty();
        assertThat(verdicts()).contains("the entries are not those that were summed up").last().isNotEqualTo("agrees");

        forge("update history_anchor set entries = entries - 1 where number = (select max(number) from history_anchor)");
        assertThat(verdicts()).last().isEqualTo("does not fit the anchor before");
    }

    @Test
    void anAnchorIsDueOnceADay() {
        database.submit();
        seal();
        assertThat(database.asService().sql("select anchor_history(true)").query(Integer.class).single())
                .as("of today there will be more").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"update chain_digest set seq = 1", "delete from chain_digest",
            "insert into chain_digest values (gen_random_uuid(), 1, '')", "update chain_state set txid = 0",
            "update history_anchor set entries = 1", "delete from history_anchor", "update chained_day set txid = 1"})
    void theServiceWritesNoEvidence(String statement) {
        assertThatThrownBy(() -> database.asService().sql(statement).update()).rootCause()
                .hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select extend_chain(1)", "select anchor_history(false)", "select sign_anchor(1, 'k', '')",
            "select * from chain_digest", "select merge_counts()"})
    void anAuditorOnlyReadsIt(String statement) {
        assertThatThrownBy(() -> database.asReader().sql(statement).query().listOfRows()).rootCause()
                .hasMessageContaining("permission denied");
    }

    @Test
    void aDayIsReadFromTheId() {
        assertThat(database.asService()
                .sql("select operation_day(operation_id_at('2026-01-31 23:59:59.999Z')) || ' ' || "
                + "operation_day(operation_id_at('2026-02-01Z'))")
                .query(String.class).single()).isEqualTo("2026-01-31 2026-02-01");
    }

    private static void seal() {
        database.asService().sql("select entries from extend_chain(1000000000)").query(Long.class).single();
    }

    private static void anchor() {
        assertThat(database.asService().sql("select anchor_history(false)").query(Integer.class).single()).isEqualTo(1);
    }

    private static List<String> problems(UUID id) {
        return AuditFile.named("broken-digests.sql").ask(database.asReader(), Map.of()).stream()
                .filter(row -> row.get("operation_id").equals(id)).map(row -> (String) row.get("problem")).toList();
    }

    private static List<String> verdicts() {
        return AuditFile.named("anchors.sql").ask(database.asReader(), Map.of()).stream()
                .map(row -> (String) row.get("verdict")).toList();
    }

    private static void forge(String statement) {
        database.asSuperuser().sql("begin; set local session_replication_role = replica; " + statement + "; commit")
                .update();
    }
}
