package dev.longhaul.database;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.springframework.dao.DataIntegrityViolationException;

/// Promise 2: a row moves only along the declared transitions, whoever writes it. Here somebody types SQL.
@ResourceLock(LonghaulTest.SPECIAL)
class TransitionsTest {

    private static final MigratedDatabase database = new MigratedDatabase();

    record Move(String from, String to) {}

    static Stream<Move> allowed() {
        return Arrays.stream(Status.values())
                .flatMap(from -> from.successors().stream().map(to -> new Move(from.word(), to.word())));
    }

    static Stream<Move> refused() {
        var allowed = allowed().collect(toSet());
        return Arrays.stream(Status.values())
                .flatMap(from -> Arrays.stream(Status.values()).filter(to -> to != from)
                        .map(to -> new Move(from.word(), to.word())))
                .filter(move -> !allowed.contains(move));
    }

    @Test
    void theDatabaseAndJavaKnowTheSameMoves() {
        var moves = database.asService()
                .sql("select from_status as \"from\", to_status as \"to\" from operation_transition")
                .query((row, _) -> new Move(row.getString(1), row.getString(2))).list();

        assertThat(moves).containsExactlyInAnyOrderElementsOf(allowed().toList());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void everyOtherMoveIsRefusedAndLeavesNoTrace(Move move) {
        var id = database.submitAndLeadTo(move.from);
        var before = history(id);

        assertThatThrownBy(() -> database.move(id, move.to))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("operation " + id + ": cannot go from " + move.from + " to " + move.to);

        assertThat(database.status(id)).isEqualTo(move.from);
        assertThat(history(id)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void everyAllowedMoveIsRecordedAndAnnounced(Move move) throws Exception {
        var id = database.submitAndLeadTo(move.from);
        var before = history(id);
        try (var listening = database.connectAsService(); var listen = listening.createStatement()) {
            listen.execute("listen operation_changed; listen operation_ready");

            database.move(id, move.to);

            var heard = heard(listening.unwrap(PGConnection.class), move.to.equals("pending") ? 2 : 1);
            assertThat(heard).contains("operation_changed " + id);
            assertThat(heard.contains("operation_ready default")).isEqualTo(move.to.equals("pending"));
        }
        assertThat(history(id)).startsWith(before.toArray(String[]::new)).hasSize(before.size() + 1)
                .last().isEqualTo("%d status %s -> %s by longhaul_service via sql".formatted(before.size() + 1,
                move.from, move.to));
    }

    @Test
    void anOperationBeginsAsPending() {
        assertThatThrownBy(() -> database.asService()
                .sql("insert into operation (type, status, finished_at, progress) values ('x', 'completed', now(), 100)").update())
                .hasMessageContaining("an operation begins as pending with version 1 and history_seq 1, not as "
                        + "completed with 1 and 1");
    }

    @Test
    void aStatusThatThereIsNotIsRefused() {
        var id = database.submit();

        assertThatThrownBy(() -> database.move(id, "paused")).hasMessageContaining("there is no status paused");
    }

    @Test
    void oneWrongMoveRefusesTheWholeStatement() {
        var good = database.submitAndLeadTo("running");
        var bad = database.submit();

        assertThatThrownBy(() -> database.asService()
                .sql("update operation set status = 'completed' where id in (:ids)")
                .param("ids", List.of(good, bad)).update()).hasMessageContaining("cannot go from pending to completed");

        assertThat(database.status(good)).isEqualTo("running");
    }

    private static List<String> history(UUID id) {
        return database.asService().sql("""
                select format('%s %s %s -> %s by %s via %s', seq, event, coalesce(from_status, 'nothing'), to_status,
                    changed_by, source)
                from operation_history where operation_id = :id order by seq
                """).param("id", id).query(String.class).list();
    }

    /// Exactly so many announcements come of one change; they are waited for.
    private static List<String> heard(PGConnection listening, int count) throws Exception {
        var heard = new ArrayList<String>();
        while (heard.size() < count) {
            var notifications = listening.getNotifications(10_000);
            assertThat(notifications).as("an announcement after " + heard).isNotEmpty();
            Arrays.stream(notifications).map(notification -> notification.getName() + " " + notification.getParameter())
                    .forEach(heard::add);
        }
        return heard;
    }
}
