package dev.longhaul.store;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Repeats reads and idempotent writes that failed because the connection was lost, or none could be made. A restart of
/// the database then costs a task no attempt.
public final class LostConnections {

    private static final Logger log = LoggerFactory.getLogger(LostConnections.class);
    /// As long as the default lease: after it another node runs the operation.
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(200);
    /// Shutdown, crash shutdown, cannot connect now, too many connections.
    private static final Set<String> LOST = Set.of("57P01", "57P02", "57P03", "53300");

    private LostConnections() {
    }

    /// Repeats for 15 s.
    ///
    /// @param work a read, or a write that has the same effect when it is repeated
    public static <T extends @Nullable Object> T repeat(Supplier<T> work) {
        return repeat(() -> true, work);
    }

    /// @param goesOn false: fails with the next lost connection
    public static <T extends @Nullable Object> T repeat(BooleanSupplier goesOn, Supplier<T> work) {
        try {
            return call(goesOn, work::get);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// As [#repeat], for work that throws checked exceptions.
    public static <T extends @Nullable Object> T call(Callable<T> work) throws Exception {
        return call(() -> true, work);
    }

    /// @param goesOn false: fails with the next lost connection
    public static <T extends @Nullable Object> T call(BooleanSupplier goesOn, Callable<T> work) throws Exception {
        // Within a transaction the whole transaction has failed.
        var until = System.nanoTime() + (TransactionSynchronizationManager.isActualTransactionActive()
                ? 0 : LONGEST.toNanos());
        while (true) {
            try {
                return work.call();
            } catch (NestedRuntimeException failed) {
                if (!isLost(failed) || System.nanoTime() > until || !goesOn.getAsBoolean() || !paused()) {
                    throw failed;
                }
                log.info("database unavailable; a task waits: {}", failed.getMostSpecificCause().getMessage());
            }
        }
    }

    /// True if the connection failed, rather than the statement.
    public static boolean isLost(NestedRuntimeException failed) {
        if (failed instanceof CannotGetJdbcConnectionException || failed instanceof CannotCreateTransactionException) {
            return true;
        }
        var state = SqlStates.of(failed);
        return state.startsWith("08") || LOST.contains(state);
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
