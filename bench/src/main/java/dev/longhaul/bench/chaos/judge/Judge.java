package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// All checks, on one state of the tables and one journal.
public final class Judge {

    static final List<Check> CHECKS = Stream.of(AcknowledgementChecks.ALL, HistoryChecks.ALL, RunChecks.ALL,
            ScheduleChecks.ALL, WorkflowChecks.ALL, StreamChecks.ALL, EndChecks.ALL).flatMap(List::stream).toList();

    private Judge() {
    }

    /// @param connection its search path leads to the tables
    public static List<Verdict> judge(Connection connection, List<Entry> entries) throws SQLException {
        var evidence = new Evidence(connection, entries);
        var verdicts = new ArrayList<Verdict>();
        for (var check : CHECKS) {
            var finding = check.look().at(evidence);
            verdicts.add(new Verdict(check.promise(), finding.cases(), finding.violations()));
        }
        return verdicts;
    }
}
