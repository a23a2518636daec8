package dev.longhaul.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.longhaul.operation.LowerCaseEnum;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Whether the database answers and takes writes, as a thread with a connection of its own finds every second. Health
/// checks read the last answer: requests that use up the other connections do not make a healthy node look unhealthy.
@Component
public class DatabaseProbe {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);
    private static final Duration FULL = Duration.ofSeconds(30);

    private final HikariDataSource dataSource;
    private final JdbcClient jdbc;
    private final Thread thread;
    private volatile State state = State.UNAVAILABLE;
    private volatile long fullUntil = System.nanoTime();
    private volatile long askedAt = System.nanoTime();

    DatabaseProbe(JdbcConnectionDetails details) {
        this.dataSource = DedicatedPool.open(details, "probe", 1, "set statement_timeout = '2s'");
        this.jdbc = JdbcClient.create(dataSource);
        this.thread = Thread.ofPlatform().daemon().name("database probe").start(this::repeat);
    }

    /// `FULL`: a write of the last 30 s found no space. `READ_ONLY`: a standby, or a database that is set so.
    public enum State implements LowerCaseEnum { AVAILABLE, READ_ONLY, FULL, UNAVAILABLE }

    /// `UNAVAILABLE` also while the probe waits for an answer for longer than 5 s.
    public State state() {
        if (silence().compareTo(LONGEST_SILENCE) > 0) {
            return State.UNAVAILABLE;
        }
        return state == State.AVAILABLE && fullUntil - System.nanoTime() > 0 ? State.FULL : state;
    }

    /// A write found no space.
    void sawFull() {
        fullUntil = System.nanoTime() + FULL.toNanos();
    }

    /// Time since the last probe ended.
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }

    private void repeat() {
        try {
            while (true) {
                ask();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException stopped) {
            // the service is stopping
        }
    }

    private static final String ASK = "select current_setting('transaction_read_only')::boolean";

    private void ask() {
        try {
            state = jdbc.sql(ASK).query(Boolean.class).single() ? State.READ_ONLY : State.AVAILABLE;
        } catch (RuntimeException unavailable) {
            state = State.UNAVAILABLE;
        }
        askedAt = System.nanoTime();
    }

    @PreDestroy
    void close() {
        thread.interrupt();
        dataSource.close();
    }
}
