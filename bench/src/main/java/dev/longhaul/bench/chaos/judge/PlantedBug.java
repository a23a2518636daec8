package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a broken service could have done, written into the copy of a good run.
///
/// @param name    what the service did
/// @param promise that it broke
/// @param sql     changes of the copied tables
/// @param journal change of the copied journal
record PlantedBug(String name, String promise, List<String> sql, UnaryOperator<List<Entry>> journal) {

    static PlantedBug in(String promise, String name, String... sql) {
        return new PlantedBug(name, promise, List.of(sql), entries -> entries);
    }

    static PlantedBug told(String promise, String name, UnaryOperator<List<Entry>> journal) {
        return new PlantedBug(name, promise, List.of(), journal);
    }
}
