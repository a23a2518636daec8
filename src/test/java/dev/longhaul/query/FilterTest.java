package dev.longhaul.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// One grammar, two readers: what the list finds by SQL is what the streams let through in memory.
@LonghaulTest
class FilterTest {

    private static final List<String> TYPES = List.of("report.daily", "report.weekly", "re%ort", "mail_send",
            "mailXsend", "b\\s");

    @Autowired
    OperationStore store;
    @Autowired
    OperationList list;
    @Autowired
    OperationCounts counts;
    @Autowired
    JsonMapper json;
    @Autowired
    JdbcClient sql;

    @Test
    void theListAndTheStreamsUnderstandEveryFilterAlike() {
        var queue = "filter-" + UUID.randomUUID();
        var random = new Random(42);
        for (var n = 0; n < 60; n++) {
            var type = TYPES.get(random.nextInt(TYPES.size()));
            var operation = store.submit(Submission.of(type, json.createObjectNode()).withQueue(queue)
                    .withRunAt(java.time.Instant.now().plusSeconds(9_999)),
                    new Caller("ann", "test")).operation();
            if (random.nextBoolean()) {
                store.cancel(operation.id(), null, new Caller("ann", "test"));
            }
        }
        var all = list.filled(Filter.parse("queue:" + queue), null, 200, Duration.ofMinutes(1)).operations();
        assertThat(all).hasSize(60);

        for (var terms : List.of("status:cancelled", "-status:cancelled", "type:report.*",
                "type:report.daily,mail_send", "-type:report.* status:pending",
                "type:re%*", "type:mail_*", "type:b\\*", "type:\"report.daily\"", "created>-1h",
                "created<-1h", "-created>-1h", "status:pending,cancelled type:re*", "-status:completed,failed",
                "paused:true", "paused:false type:m*", "waits_for:time", "-waits_for:time type:b*", "status:running",
                "status:pending status:cancelled", "created>2020-01-01T00:00:00Z type:m*")) {
            var filter = Filter.parse("queue:" + queue + " " + terms);
            var found = list.filled(filter, null, 200, Duration.ofMinutes(1)).operations().stream()
                    .map(ListedOperation::id).toList();
            var let = all.stream().map(ListedOperation::id).filter(id -> filter.test(store.find(id).orElseThrow()))
                    .toList();
            assertThat(found).as(terms).isEqualTo(let);
            var counted = new TreeMap<Status, Long>();
            let.forEach(id -> counted.merge(store.find(id).orElseThrow().status(), 1L, Long::sum));
            assertThat(counts.of(filter)).as(terms + ", counted").isEqualTo(counted);
            var paged = new ArrayList<OperationId>();
            @Nullable OperationId next = null;
            do {
                var page = list.page(filter, ListOrder.OLDEST_FIRST, next, 7);
                page.operations().forEach(listed -> paged.add(listed.id()));
                next = page.next();
            } while (next != null);
            assertThat(paged.reversed()).as(terms + ", in pages, the oldest first").isEqualTo(let);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status:done            | at character 1: status must be one of pending, running, waiting, completed, failed, cancelled, not "done"
            status:failed bogus    | at character 15: expected a term such as status:failed, not "bogus"
            colour:red             | at character 1: there is no colour; there are status, queue, type, tag, key, message, error, error_type, id, parent, rerun_of, waits_for, paused, input.…, metadata.…, created, started, finished, updated, run_at, duration, attempt, priority and progress
            type:                  | at character 1: expected a term such as status:failed, not "type:"
            type:a,,b              | at character 1: expected a value, or several with commas between them, not "a,,b"
            created>yesterday      | at character 1: expected a moment such as 2026-01-08T10:00:00Z or a time ago such as -24h, not "yesterday"
            status>failed          | at character 1: expected status: and a value
            created:-24h           | at character 1: expected created> or created<
            attempt>many           | at character 1: expected a number such as 3, not "many"
            duration>long          | at character 1: expected a length of time such as 90s, 10m or 2h, not "long"
            queue:a input:7        | at character 9: expected input with 1 to 20 members, such as input.user.id:42
            queue.name:a           | at character 1: there is no queue.name; only input and metadata have members
            paused:maybe           | at character 1: paused must be true or false, not "maybe"
            id:17                  | at character 1: operation id must be a UUID such as 01a20923-0ed0-73f3-acba-03587e229145, not "17"
            waits_for:godot        | at character 1: waits_for must be time, answer or operations, not "godot"
            type:*                 | at character 1: expected a value, or several with commas between them, not "*"
            """)
    void aFilterThatCannotBeUnderstoodSaysWhereAndWhy(String filter, String message) {
        assertThatThrownBy(() -> Filter.parse(filter)).isInstanceOf(InvalidFilter.class).hasMessage(message);
    }
}
