package dev.longhaul.store;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Whether the database answers, as a thread with a connection of its own finds every second. Health checks read the
/// last answer, so requests that use up the other connections do not make a healthy node look unhealthy.
@Component
public class DatabaseProbe {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private final HikariDataSource dataSource;
    private final JdbcClient jdbc;
    private final Thread thread;
    private volatile boolean hasAnswered;
    private volatile long askedAt = System.nanoTime();

    DatabaseProbe(JdbcConnectionDetails details) {
        this.dataSource = DedicatedPool.open(details, "probe", 1, "set statement_timeout = '2s'");
        this.jdbc = JdbcClient.create(dataSource);
        this.thread = Thread.ofPlatform().daemon().name("database probe").start(this::repeat);
    }

    /// False also while the probe waits for an answer for longer than 5 s.
    public boolean answers() {
        return hasAnswered && silence().compareTo(LONGEST_SILENCE) < 0;
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

    private static final String ASK = "select true";

    private void ask() {
        try {
            hasAnswered = jdbc.sql(ASK).query(Boolean.class).single();
        } catch (RuntimeException unavailable) {
            hasAnswered = false;
        }
        askedAt = System.nanoTime();
    }

    @PreDestroy
    void close() {
        thread.interrupt();
        dataSource.close();
    }
}
