package dev.longhaul.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads of single operations by id. Clients poll with these reads; concurrent reads share one statement.
///
/// A caller puts its id into a queue, and one of two threads reads all queued ids together. A single read costs half a
/// millisecond of processor time, most of it for waiting on a socket. By default PostgreSQL plans each read anew,
/// because it estimates that a generic plan visits every day's partition. With generic plans two connections read
/// 21,000 rows/s instead of 6,400. Lists need plans that fit their filters, so the setting applies to these connections
/// only. The reads do not see uncommitted changes of the caller's transaction.
@Component
class BatchedReads {

    private static final String SETTINGS =
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off; set "
            + "jit = off";
    private static final int READERS = 2;
    private static final int MAX_BATCH = 200;

    private final HikariDataSource dataSource;
    private final JdbcClient jdbc;
    private final OperationMapper rows;
    private final BlockingQueue<Read> queue = new LinkedBlockingQueue<>();
    private final List<Thread> readers = new ArrayList<>();
    private final Duration timeout;
    private volatile boolean closed;

    private record Read(OperationId id, CompletableFuture<Optional<Operation>> answer) {}

    BatchedReads(JdbcConnectionDetails details, OperationMapper rows, DatabaseSettings settings) {
        this.dataSource = DedicatedPool.open(details, "reads", READERS, SETTINGS);
        this.jdbc = JdbcClient.create(dataSource);
        this.rows = rows;
        this.timeout = settings.statementTimeout();
        for (var n = 1; n <= READERS; n++) {
            readers.add(Thread.ofPlatform().daemon().name("reader " + n).start(this::readLoop));
        }
    }

    /// @throws DataAccessException if the database is unavailable, or slower than the statement timeout
    Optional<Operation> find(OperationId id) {
        var read = new Read(id, new CompletableFuture<>());
        queue.add(read);
        if (closed) {
            refuseAll();
        }
        try {
            return read.answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof DataAccessException away
                    ? away : new DataAccessResourceFailureException("operation " + id + " could not be read",
                    failed.getCause());
        } catch (TimeoutException late) {
            throw new QueryTimeoutException("operation " + id + " could not be read within " + timeout.toMillis()
                    + " ms", late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("the read of operation " + id + " was interrupted", stopped);
        }
    }

    private void readLoop() {
        var batch = new ArrayList<Read>();
        try {
            while (!closed) {
                batch.add(queue.take());
                queue.drainTo(batch, MAX_BATCH - 1);
                answer(batch);
                batch.clear();
            }
        } catch (InterruptedException stopped) {
            // the service is stopping
        }
        refuseAll();
    }

    private static final String FIND = "select *, now() as read_at from operation where id = any(:ids::uuid[])";

    private void answer(List<Read> batch) {
        try {
            var ids = batch.stream().map(read -> read.id.toString()).distinct().toArray(String[]::new);
            Map<OperationId, Operation> found = jdbc.sql(FIND).param("ids", ids).query(rows).list().stream()
                    .collect(Collectors.toMap(Operation::id, Function.identity()));
            batch.forEach(read -> read.answer.complete(Optional.ofNullable(found.get(read.id))));
        } catch (RuntimeException | Error failed) {
            batch.forEach(read -> read.answer.completeExceptionally(failed));
        }
    }

    private void refuseAll() {
        for (var read = queue.poll(); read != null; read = queue.poll()) {
            read.answer.completeExceptionally(new DataAccessResourceFailureException("the service is stopping"));
        }
    }

    @PreDestroy
    void close() {
        closed = true;
        readers.forEach(Thread::interrupt);
        dataSource.close();
    }
}
