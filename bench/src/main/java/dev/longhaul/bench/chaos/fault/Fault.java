package dev.longhaul.bench.chaos.fault;

import java.util.List;
import java.util.stream.Stream;

/// Something that goes wrong, as a name and what does it.
public record Fault(String name, Injection injection) {

    /// Returns when the fault is over. The nodes may not have recovered yet.
    public interface Injection {
        Effect into(Scene scene) throws Exception;
    }

    /// @param bit  true: the fault was seen to have an effect
    /// @param seen what was seen, e.g. `5 running, 5 rescued`
    public record Effect(boolean bit, String seen) {}

    public static List<Fault> all() {
        return Stream.of(NodeFaults.ALL, DatabaseFaults.ALL, NetworkFaults.ALL).flatMap(List::stream).toList();
    }
}
