package dev.longhaul.store;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// The connections of a thread's [Workload]. A kind of request uses at most half of the requests' pool: requests that
/// wait for a lock leave connections to the other kinds.
final class WorkloadDataSource extends DelegatingDataSource {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final HikariDataSource background;
    private final HikariDataSource bulk;
    private final Map<Workload, Semaphore> shares = new EnumMap<>(Workload.class);
    private final Duration patience;

    /// @param patience longest wait for a connection of the kind's share, at most 1 s
    WorkloadDataSource(HikariDataSource requests, HikariDataSource background, HikariDataSource bulk,
            Duration patience) {
        super(requests);
        this.background = background;
        this.bulk = bulk;
        this.patience = patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
        for (var kind : Workload.values()) {
            shares.put(kind, new Semaphore(Math.max(1, requests.getMaximumPoolSize() / 2), true));
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        var kind = Workload.current();
        return switch (kind) {
            case BACKGROUND -> background.getConnection();
            case BULK -> bulk.getConnection();
            case SUBMIT, CHANGE, LIST, READ, WORKER, MCP -> ofShare(kind, shares.get(kind));
        };
    }

    private Connection ofShare(Workload kind, Semaphore share) throws SQLException {
        try {
            if (!share.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SQLTransientConnectionException("all connections for requests of the kind "
                        + kind.name().toLowerCase() + " are in use for " + patience.toMillis() + " ms");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("the wait for a connection was interrupted", stopped);
        }
        var isHandedOut = false;
        try {
            var connection = returning(super.getConnection(), share);
            isHandedOut = true;
            return connection;
        } finally {
            if (!isHandedOut) {
                share.release();
            }
        }
    }

    /// The connection, whose first `close()` also returns its place in the share.
    private static Connection returning(Connection connection, Semaphore share) {
        var isOpen = new AtomicBoolean(true);
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                (_, method, arguments) -> {
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            } finally {
                if (method.getName().equals("close") && isOpen.compareAndSet(true, false)) {
                    share.release();
                }
            }
        });
    }
}
