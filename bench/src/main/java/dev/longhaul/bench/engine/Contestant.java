package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

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

    /// One operation in one request and one commit. May be called by many threads.
    abstract void submitOne() throws Exception;

    /// One operation after another at an even pace. Returns when the last is submitted.
    void submitAtPace(int count, int perSecond) throws Exception {
        var begin = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(16)) {
            var submissions = new ArrayList<Future<?>>();
            for (var n = 0; n < count; n++) {
                LockSupport.parkNanos(begin + n * 1_000_000_000L / perSecond - System.nanoTime());
                submissions.add(threads.submit(() -> {
                    submitOne();
                    return null;
                }));
            }
            for (var submission : submissions) {
                submission.get();
            }
        }
    }

    /// The name of the contestant's own database.
    String database() throws SQLException {
        return judge.getCatalog();
    }

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
