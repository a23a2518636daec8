package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Something that takes in operations that do nothing and brings them to their end.
abstract class Contestant implements AutoCloseable {

    private final String name;
    private final String settings;
    private final String idle;
    private final Connection judge;

    /// @param settings what differs from its defaults, for the table
    /// @param idle     SQL that is true when nothing is left to do: the database judges, not the contestant
    Contestant(String name, String settings, Login login, String idle) throws SQLException {
        this.name = name;
        this.settings = settings;
        this.idle = "select " + idle;
        this.judge = login.connect();
        try (var statement = judge.createStatement()) {   // its questions must cost nothing
            statement.execute("set enable_seqscan = off; set enable_bitmapscan = off; set jit = off");
        }
    }

    String name() {
        return name;
    }

    String settings() {
        return settings;
    }

    /// Which part of the operations it gets: those that would take minutes get fewer.
    int share() {
        return 1;
    }

    /// In batches of 1,000, while those before are being run. Returns when the last batch is committed, or later.
    abstract void submit(int count) throws Exception;

    /// Cheap, and asked before the database is.
    boolean mayBeIdle() {
        return true;
    }

    boolean isIdle() throws SQLException {
        if (!mayBeIdle()) {
            return false;
        }
        try (var statement = judge.createStatement(); var row = statement.executeQuery(idle)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /// Processor time of the process that runs its code.
    Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() throws Exception {
        judge.close();
    }
}
