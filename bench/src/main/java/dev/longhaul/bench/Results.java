package dev.longhaul.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What a bench found: the rows of its table, then its targets. Rows are printed as they come, so that a bench that
/// breaks has told what it knew.
public final class Results {

    private final List<Target> targets = new ArrayList<>();

    Results() {
        System.out.println("| what | figures |\n|---|---|");
    }

    public void row(String what, Object figures) {
        System.out.println("| " + what + " | " + figures + " |");
    }

    public void about(Service service) throws SQLException, IOException {
        row("service", "JDK " + Runtime.version() + ", " + String.join(" ", service.settings()));
        row("database", service.database().about());
    }

    /// @param most what the value may be at most
    public void target(String name, double value, double most, String unit) {
        targets.add(new Target(name, value, most, true, unit));
    }

    /// @param least what the value must be at least
    public void targetAtLeast(String name, double value, double least, String unit) {
        targets.add(new Target(name, value, least, false, unit));
    }

    void tell() {
        System.out.println();
        targets.forEach(System.out::println);
    }
}
