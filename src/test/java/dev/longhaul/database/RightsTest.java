package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Nobody rewrites the past: the service has no right to, and the owner, who has every right, meets a trigger.
@ResourceLock(LonghaulTest.SPECIAL)
class RightsTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private static final UUID id = database.submitAndLeadTo("running");

    @BeforeAll
    static void anAnchor() {
        database.asSuperuser().sql("""
                insert into history_anchor (number, day, txid, operations, entries, head, hash)
                    values (1, current_date - 1, 1, 1, 1, sha256('head'), sha256('hash'))""").update();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "update operation_history set changed_by = 'somebody else'",
            "delete from operation_history",
            "truncate operation_history",
            "insert into operation_history (operation_id, seq, version, event, to_status, attempt, changed_by, "
            + "source, progress) values (gen_random_uuid(), 1, 1, 'submitted', 'pending', 0, 'x', 'x', 0)",
            "delete from operation",
            "truncate operation",
            "update operation set id = operation_id()",
            "update operation set type = 'another'",
            "update operation set input = '{}'",
            "update operation set created_at = now() - interval '1 day'",
            "insert into operation_transition values ('completed', 'pending', 'why not')",
            "update operation_step set result = '1'",
            "delete from operation_step",
            "delete from worker",
            "alter table operation disable trigger all",
            "drop table operation_history",
            "create table mine (id int)",
            "set session authorization postgres"})
    void theServiceMayNot(String statement) {
        refused(database.asService(), statement, "permission denied|must be owner|must be member");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "update operation_history set changed_by = 'somebody else'",
            "delete from operation_history",
            "truncate operation_history",
            "insert into operation_history (operation_id, seq, version, event, to_status, attempt, changed_by, "
            + "source, progress) values (gen_random_uuid(), 1, 1, 'submitted', 'pending', 0, 'x', 'x', 0)",
            "delete from operation",
            "truncate operation",
            "update operation set id = operation_id()",
            "delete from chain_digest",
            "update chain_digest_default set hash = ''",
            "delete from chain_digest_default",
            "truncate chain_digest_default",
            "delete from input_request",
            "delete from input_request_default",
            "insert into input_request_default select * from input_request",
            "delete from history_anchor",
            "update history_anchor set head = ''",
            "update history_anchor set operations = operations - 1"})
    void notEvenTheOwnerMay(String statement) {
        refused(database.asOwner(), statement, "is refused: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "insert into %s select * from %s",
            "update %s set message = 'behind the triggers'",
            "delete from %s",
            "truncate %s"})
    void partitionsAreNoBackDoor(String form) {
        for (var partition : List.of("operation_live", "operation_past_default", partitionOfItsHistory(),
                "operation_history_default")) {
            var statement = form.replace("%s", partition);

            refused(database.asService(), statement, "permission denied");
            refused(database.asOwner(), statement, "is refused: ");
            refused(database.asSuperuser(), statement, "is refused: ");
        }
    }

    @Test
    void anAnchorIsSignedOnce() {
        var sign = "update history_anchor set key_id = 'anchors', signature = '\\x01' where number = 1";
        assertThat(database.asOwner().sql(sign).update()).isEqualTo(1);
        refused(database.asOwner(), sign, "is refused: ");
    }

    @Test
    void partitionsThatAreMadeLaterKeepTheirSealsToo() {
        database.asOwner().sql("select create_partitions('day', 9)").query(Integer.class).single();
        var latest = database.asOwner()
                .sql("select max(relname) from pg_class where relkind = 'r' and relname ~ '^chain_digest_\\d'")
                .query(String.class).single();
        refused(database.asOwner(), "delete from " + latest, "is refused: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "update operation set priority = 9",
            "update audit.operation set priority = 9",
            "delete from audit.history",
            "insert into operation (type) values ('mine')",
            "insert into retention_hold (operation_id, reason) values (gen_random_uuid(), 'x')",
            "select * from operation",
            "select * from operation_history",
            "select * from audit.operation_data",
            "select * from audit.operation_step_data",
            "select * from mcp_secret",
            "select * from webhook",
            "select retire_partition(null, '9 days', '9 days', 1)",
            "select create_partitions('day', 1)",
            "create table mine (id int)",
            "set session authorization longhaul_service"})
    void theReaderMayNot(String statement) {
        refused(database.asReader(), statement, "permission denied|must be member|cannot (insert|update|delete)");
    }

    @Test
    void theReaderMayWriteNothing() {
        assertThat(database.asSuperuser()
                .sql("select bool_or(has_table_privilege('longhaul_reader', oid, 'insert,update,delete,truncate')) "
                + "from pg_class where relnamespace = 'public'::regnamespace")
                .query(Boolean.class).single()).isFalse();
    }

    private static String partitionOfItsHistory() {
        return database.asSuperuser().sql("select tableoid::regclass::text from operation_history "
                + "where operation_id = :id limit 1").param("id", id).query(String.class).single();
    }

    private static void refused(JdbcClient role, String statement, String because) {
        var before = everything();
        assertThatThrownBy(() -> role.sql(statement).update()).as(statement).rootCause().message()
                .containsPattern(because);
        assertThat(everything()).isEqualTo(before);
    }

    private static String everything() {
        return database.asSuperuser()
                .sql("select (select jsonb_agg(to_jsonb(o)) from operation o)::text || (select "
                + "jsonb_agg(to_jsonb(h)) from operation_history h)::text")
                .query(String.class).single();
    }
}
