package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database.Login;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/// The limit: the product's own table with its indexes and checks and without its triggers, so without history,
/// notifications and rules, and a bare JDBC loop that ends the last 200 and claims the next 200 in one statement.
/// Nothing is run in between.
final class RawSql extends Contestant {

    private static final int BATCH = 200;

    private final Connection submitting;
    private final Connection carrying;
    private final Thread carrier;
    private volatile long submitted;
    private volatile boolean closed;

    RawSql(Login login, Path root) throws Exception {
        super("raw SQL", "one JDBC connection submits 1,000 at a time, one ends 200 and claims 200 in one statement", login, """
                not exists (select from operation where status = 'pending' and not delayed)
                and not exists (select from operation where status = 'running')""");
        try (var connection = login.connect(); var statement = connection.createStatement()) {
            statement.execute(Files.readString(root.resolve("db/migration/V1__operation.sql")));   // no triggers
        }
        submitting = login.connect();
        carrying = login.connect();
        try (var statement = carrying.createStatement()) {   // as the product's own connection
            statement.execute("""
                    set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off;
                    set enable_hashjoin = off; set enable_mergejoin = off; set enable_sort = off; set jit = off""");
        }
        carrier = Thread.ofPlatform().name("raw").daemon().start(this::carryForEver);
    }

    private static final String SUBMIT = """
            insert into operation (type, queue, input)
            select type, queue, input from unnest(?::text[], ?::text[], ?::jsonb[]) as s (type, queue, input)
            returning id
            """;

    @Override
    void submitOne() throws Exception {
        submit(1);
    }

    @Override
    void submit(int count) throws SQLException {
        try (var statement = submitting.prepareStatement(SUBMIT)) {
            for (var left = count; left > 0; left -= 1000) {
                var size = Math.min(1000, left);
                statement.setArray(1, column("bench_noop", size));
                statement.setArray(2, column("default", size));
                statement.setArray(3, column("{}", size));
                submitted += size;
                statement.executeQuery().close();
            }
        }
    }

    private Array column(String value, int size) throws SQLException {
        var column = new String[size];
        Arrays.fill(column, value);
        return submitting.createArrayOf("text", column);
    }

    private static final String CARRY = """
            with ended as (
                update operation o set
                    status = 'completed', finished_at = now(), run_id = null, worker_id = null, progress = 100,
                    version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(), changed_by = 'raw', source = 'engine'
                from unnest(?::uuid[]) as e (id)
                where o.id = e.id),
            next as materialized (
                select id from operation
                where queue = 'default' and status = 'pending' and not delayed
                order by priority desc, run_at, id
                limit ?
                for update skip locked)
            update operation o set
                status = 'running', run_id = gen_random_uuid(), worker_id = ?, attempt = o.attempt + 1,
                started_at = now(), attempt_started_at = now(),
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(), changed_by = 'raw', source = 'engine'
            from next where o.id = next.id
            returning o.id, o.run_id, o.type, o.input
            """;

    private void carryForEver() {
        try (var statement = carrying.prepareStatement(CARRY)) {
            var worker = UUID.randomUUID();
            var running = new UUID[0];
            var claimed = 0L;
            while (!closed) {
                running = carry(statement, running, worker);
                claimed += running.length;
                while (running.length == 0 && claimed == submitted && !closed) {
                    LockSupport.parkNanos(1_000_000);   // while others have their turn it asks for nothing
                }
            }
        } catch (SQLException broken) {
            throw new IllegalStateException("the raw loop broke", broken);
        }
    }

    private UUID[] carry(PreparedStatement statement, UUID[] running, UUID worker) throws SQLException {
        statement.setArray(1, carrying.createArrayOf("uuid", running));
        statement.setInt(2, BATCH);
        statement.setObject(3, worker);
        var claimed = new UUID[BATCH];
        var count = 0;
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                claimed[count++] = row.getObject(1, UUID.class);
            }
        }
        return Arrays.copyOf(claimed, count);
    }

    @Override
    public void close() throws Exception {
        closed = true;
        carrier.join();
        submitting.close();
        carrying.close();
        super.close();
    }
}
