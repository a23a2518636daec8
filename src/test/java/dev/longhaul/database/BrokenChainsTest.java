package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Promise 4 can be checked by SQL: `db/audit/broken-chains.sql` finds history that was forged behind the triggers.
@ResourceLock(LonghaulTest.SPECIAL)
class BrokenChainsTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private static final AuditFile file = AuditFile.named("broken-chains.sql");

    /// Only a superuser can switch the triggers off; he does so for one statement about an operation that went 1
    /// pending, 2 running, 3 completed.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            delete from operation_history where seq = 2                               | entry 2 has number 3
            delete from operation_history where seq = 2                               | goes on from running, and the entry before ended in pending
            delete from operation_history where seq = 3                               | is completed, and its history ends in running
            delete from operation_history where seq = 3                               | counts 3 entries, and its history ends with number 2
            delete from operation_history where seq > 0                               | has no history
            delete from operation where version > 0                                   | has a history and no operation
            update operation_history set from_status = 'waiting' where seq = 3        | goes on from waiting, and the entry before ended in running
            update operation_history set from_status = 'waiting' where seq = 3        | went from waiting to completed, which is no move there is
            update operation_history set to_status = 'failed' where seq = 3           | is completed, and its history ends in failed
            update operation_history set attempt = 5 where seq = 2                    | attempt fell from 5 to 0
            update operation_history set version = 9 where seq = 2                    | version went from 9 to 3
            update operation_history set event = 'edited' where seq = 1               | entry 1 is edited to pending: a history begins, once, with a submission as pending
            update operation_history set event = 'submitted' where seq = 2            | entry 2 is submitted to running: a history begins, once, with a submission as pending
            update operation set attempt = 4 where version > 0                        | is at attempt 4, and its history ends at 0
            update operation set version = 1 where version > 0                        | has version 1, and its history ends with 3
            update operation set status = 'failed' where version > 0                  | is failed, and its history ends in completed
            """, quoteCharacter = '\0')
    void aForgedHistoryIsFound(String forgery, String problem) {
        var id = database.submitAndLeadTo("completed");
        assertThat(problems(id)).isEmpty();

        database.asSuperuser().sql("begin; set local session_replication_role = replica; %s and %s = '%s'; commit"
                .formatted(forgery, forgery.contains("operation_history") ? "operation_id" : "id", id)).update();

        assertThat(problems(id)).contains(problem);
    }

    @Test
    void editsAndRetriesAreNoForgery() {
        var id = database.submitAndLeadTo("failed");
        database.move(id, "pending");
        database.asOwner().sql("update operation set priority = 3 where id = :id").param("id", id).update();
        database.asOwner().sql("update operation set progress = 3 where id = :id").param("id", id).update();

        assertThat(problems(id)).isEmpty();
    }

    private static List<String> problems(UUID id) {
        return file.ask(database.asReader(), Map.of()).stream().filter(row -> row.get("operation_id").equals(id))
                .map(row -> (String) row.get("problem")).toList();
    }
}
