package dev.longhaul.bench.chaos.judge;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A promise, and how to find out whether it was kept.
///
/// @param promise in the words in which it is told
record Check(String promise, Look look) {

    interface Look {
        Finding at(Evidence evidence) throws SQLException;
    }

    /// @param cases      how often the promise could have been broken
    /// @param violations how it was broken, one text each
    record Finding(long cases, List<String> violations) {

        static Finding of(long cases, List<String> violations) {
            return new Finding(cases, List.copyOf(violations));
        }
    }

    /// @param cases      a query for their number
    /// @param violations queries for a text each
    static Check sql(String promise, String cases, String... violations) {
        return new Check(promise, evidence -> {
            var found = new ArrayList<String>();
            for (var query : violations) {
                found.addAll(evidence.texts(query));
            }
            return Finding.of(evidence.number(cases), found);
        });
    }
}
