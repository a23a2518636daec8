package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.LogStore;
import dev.longhaul.store.LogStore.Search;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/// The log of an operation: complete, in order and bounded.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class LogTest extends ScriptedTaskTest {

    @Autowired
    LogStore log;

    @Test
    void everyLineIsKeptInOrderOverAllAttempts() {
        var id = submit("log");
        awaitEnd(id);

        assertThat(told(id, Search.ALL)).containsExactly(
                "1 1 debug begins", "2 1 info 100% of it, a \uFFFD and a lone \uFFFD too", "3 1 warn "
                + "x".repeat(3_999) + "…", "4 1 error the disk is full",
                "5 2 debug begins", "6 2 info 100% of it, a \uFFFD and a lone \uFFFD too", "7 2 warn "
                + "x".repeat(3_999) + "…", "8 2 info all is well");
        assertThat(log.page(id, Search.ALL)).extracting(line -> line.line().at()).isSorted()
                .allSatisfy(at -> assertThat(at).isBetween(find(id).createdAt(), find(id).readAt()));
    }

    @Test
    void theLogIsSearchedAndRead() {
        var id = submit("log");
        awaitEnd(id);

        assertThat(told(id, Search.ALL.containing("DISK"))).containsExactly("4 1 error the disk is full");
        assertThat(told(id, Search.ALL.containing("100%"))).as("no pattern, but text").hasSize(2);
        assertThat(told(id, Search.ALL.containing("100_"))).isEmpty();
        assertThat(told(id, new Search(1, LogLine.Level.WARN, "", 0, 10))).hasSize(2);
        assertThat(told(id, new Search(2, LogLine.Level.DEBUG, "", 0, 2))).hasSize(2).last().asString()
                .startsWith("6 2 info");
        assertThat(told(id, new Search(2, LogLine.Level.DEBUG, "", 0, 2).after(6))).first().asString()
                .startsWith("7 2 warn");
        assertThatThrownBy(() -> new Search(null, LogLine.Level.INFO, "", 0, 1_001))
                .hasMessage("limit must be between 1 and 1000, not 1001");
        assertThatThrownBy(() -> LogLine.Level.parse("fatal"))
                .hasMessage("level must be one of debug, info, warn, error, not \"fatal\"");
    }

    @Test
    void aTaskThatLogsWithoutEndFillsItsLogAndNothingElse() {
        var id = submit("log without end");
        awaitEnd(id);

        var lines = IntStream.range(0, 11).mapToObj(page -> log.page(id, Search.ALL.after(page * 1_000)))
                .flatMap(List::stream).toList();
        assertThat(lines).hasSize(10_000).extracting(LogStore.Numbered::number).isSorted().doesNotHaveDuplicates();
        assertThat(lines.get(9_998).line().message()).isEqualTo("line 9999");
        assertThat(lines.getLast().line().message()).startsWith("the log is full with 10000 lines");
        assertThat(history(id)).containsExactly("pending", "running", "completed");
    }

    private List<String> told(OperationId id, Search search) {
        return log.page(id, search).stream().map(line -> line.number() + " " + line.attempt() + " "
                + line.line().level().word() + " " + line.line().message()).toList();
    }
}
