package dev.longhaul.bench.growth;

import dev.longhaul.bench.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finished operations of the last ten days, each with three entries of history and a seal, written into tables that
/// then become their days' partitions, two days at a time: 95 of 100 completed, 4 failed, 1 cancelled, of 20 types and
/// 5 queues. Every other day's have an input and an output of 200 bytes each.
final class Past {

    static final int DAYS = 10;
    private static final int CHUNK = 50_000;
    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("_yyyy_MM_dd");

    private final Database database;

    Past(Database database) {
        this.database = database;
    }

    static LocalDate day(int ago) {
        return LocalDate.now(ZoneOffset.UTC).minusDays(ago);
    }

    // Their indexes are made when all rows are there: that takes half the time.
    private static final String TABLES = """
            do $$
            declare root text;
            begin
                foreach root in array partitioned_tables() loop
                    execute format('create table %%I (like %%I including defaults including constraints)', root || to_char('%1$s'::date, '_YYYY_MM_DD'), root);
                end loop;
            end
            $$""";

    // Like those of today's partitions, so that nothing has to be built when they are attached.
    private static final String INDEXES = """
            do $$
            declare one record;
            begin
                for one in select r.relname as root, pg_get_constraintdef(c.oid) as key from pg_class r join pg_constraint c on c.conrelid = r.oid and c.contype = 'p'
                           where r.relname = any (partitioned_tables()) loop
                    execute format('alter table %%I add %%s', one.root || to_char('%1$s'::date, '_YYYY_MM_DD'), one.key);
                end loop;
                for one in select replace(indexdef, to_char(now() at time zone 'UTC', '_YYYY_MM_DD'), to_char('%1$s'::date, '_YYYY_MM_DD')) as definition
                           from pg_indexes where tablename ~ ('^(operation|input|chain)_[a-z]+' || to_char(now() at time zone 'UTC', '_YYYY_MM_DD') || '$') and indexname not like '%%_pkey' loop
                    execute one.definition;
                end loop;
            end
            $$""";

    private static final String ROOTS = "select unnest(partitioned_tables())";

    // Like those of the migrations, with the triggers and settings of their root.
    private static final String ATTACH = """
            do $$
            declare
                root constant text := '%1$s';
                part constant text := '%1$s%2$s';
            begin
                execute format('alter table %%I attach partition %%I for values from (%%L) to (%%L)', root, part,
                    operation_id_at('%3$s'::timestamp at time zone 'UTC'), operation_id_at(('%3$s'::date + 1)::timestamp at time zone 'UTC'));
                execute format('alter table %%I owner to longhaul_owner', part);
                perform prepare_partition(root, part);
                insert into operation_partition (first_day, end_day) values ('%3$s', '%3$s'::date + 1) on conflict do nothing;
            end
            $$""";

    private static final String CHUNKS = """
            with made as (
                insert into operation_past%6$s (id, type, queue, status, attempt, failures, progress, message, version, history_seq, created_at, started_at, attempt_started_at,
                                       updated_at, finished_at, input, output, error, changed_by, source)
                select (left(operation_id_at(at)::text, 14) || '7' || substr(random, 1, 3) || '-8' || substr(random, 4, 3) || '-' || right(random, 12))::uuid, 'type_' || n %% 20, 'queue_' || n %% 5,
                       status, 1, (status = 'failed')::int, case when status = 'completed' then 100 else 50 end, 'Completed 5 steps successfully', 3, 3, at, at + interval '1 second',
                       at + interval '1 second', at + interval '1 minute', at + interval '1 minute', %2$s,
                       case when status = 'failed' then '{"type": "java.io.IOException", "message": "the file is gone", "trace": null}'::jsonb end, 'node-1:8081', 'engine'
                from (select n, md5(n::text) as random, '%1$s'::date::timestamptz at time zone 'UTC' at time zone 'UTC' + n * interval '86400 seconds' / %3$d as at,
                             case when n %% 100 < 95 then 'completed' when n %% 100 < 99 then 'failed' else 'cancelled' end as status
                      from generate_series(%4$d, %5$d) as n offset 0) as past
                returning id, status, created_at, finished_at, error),
            told as (
                insert into operation_history%6$s (operation_id, seq, version, at, event, from_status, to_status, attempt, changed_by, source, progress, message, worker_id, run_id, error, txid)
                select id, e.seq, e.seq, case e.seq when 3 then finished_at else created_at end, e.event, e.was, coalesce(e.becomes, status), least(e.seq - 1, 1), 'node-1:8081', 'engine',
                       case e.seq when 3 then 100 else 0 end, null, '5b4d6c2e-0000-4000-8000-000000000001', id, case e.seq when 3 then error end, 1
                from made cross join (values (1, 'submitted', null, 'pending'), (2, 'status', 'pending', 'running'), (3, 'status', 'running', null)) as e (seq, event, was, becomes))
            insert into chain_digest%6$s (operation_id, seq, hash) select id, 3, sha256(uuid_send(id)) from made
            """;
    private static final String SMALL = "'{}'::jsonb, null";
    private static final String LARGE =
            "jsonb_build_object('text', repeat(random, 6)), jsonb_build_object('result', repeat(random, 6))";

    // While it is loaded no checkpoint comes, so that a page is not written whole into the log again when it is
    // vacuumed.
    private static final List<String> NO_CHECKPOINTS = List.of("alter system set max_wal_size = '24GB'",
            "alter system set checkpoint_timeout = '1h'", "select pg_reload_conf()");
    private static final List<String> AS_BEFORE = List.of("alter system reset max_wal_size",
            "alter system reset checkpoint_timeout", "select pg_reload_conf()", "checkpoint");

    void write(int operations) throws Exception {
        say(NO_CHECKPOINTS);
        try (var threads = Executors.newFixedThreadPool(2)) {
            var days = IntStream.rangeClosed(1, DAYS)
                    .mapToObj(ago -> threads.submit(() -> writeDay(ago, operations / DAYS))).toList();
            for (var day : days) {
                day.get();
            }
        }
        try (var connection = database.superuser().connect(); var statement = connection.createStatement()) {
            var roots = new ArrayList<String>();
            try (var rows = statement.executeQuery(ROOTS)) {
                while (rows.next()) {
                    roots.add(rows.getString(1));
                }
            }
            for (var ago = 1; ago <= DAYS; ago++) {
                for (var root : roots) {
                    attach(statement, root, day(ago));
                }
            }
            statement.execute("insert into operation_count select namespace, type, queue, status, count(*) from operation where "
                    + "type like 'type\\_%' group by 1, 2, 3, 4");
            statement.execute("analyze");
        }
        say(AS_BEFORE);
    }

    private void say(List<String> statements) throws Exception {
        try (var connection = database.superuser().connect(); var statement = connection.createStatement()) {
            for (var one : statements) {
                statement.execute(one);
            }
        }
    }

    private @Nullable Void writeDay(int ago, int operations) throws Exception {
        try (var connection = database.superuser().connect(); var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");   // a past is not announced
            statement.execute("set synchronous_commit = off");
            statement.execute("set wal_compression = off");
            statement.execute("set maintenance_work_mem = '256MB'");
            statement.execute(TABLES.formatted(day(ago)));
            for (var from = 0; from < operations; from += CHUNK) {
                statement.execute(String.format(Locale.ROOT, CHUNKS, day(ago), ago % 2 == 0 ? SMALL : LARGE, operations,
                        from, Math.min(from + CHUNK, operations) - 1,
                        day(ago).format(SUFFIX)));
            }
            statement.execute(INDEXES.formatted(day(ago)));
            for (var root : List.of("operation_past", "operation_history", "chain_digest")) {
                statement.execute("vacuum (freeze, analyze) " + root + day(ago).format(SUFFIX));
            }
        }
        return null;
    }

    /// The service works meanwhile, and locks the same tables.
    private static void attach(Statement statement, String root, LocalDate day) throws SQLException {
        for (var again = 1; ; again++) {
            try {
                statement.execute(ATTACH.formatted(root, day.format(SUFFIX), day));
                return;
            } catch (SQLException locked) {
                if (!"40P01".equals(locked.getSQLState()) || again == 20) {
                    throw locked;
                }
            }
        }
    }

    /// Bytes of a day's partitions with their indexes, per operation.
    double bytesPerOperation(int ago, String... roots) throws Exception {
        try (var connection = database.superuser().connect()) {
            var suffix = day(ago).format(SUFFIX);
            var bytes = 0.0;
            for (var root : roots) {
                bytes += number(connection, "select pg_total_relation_size('" + root + suffix + "')");
            }
            return bytes / number(connection, "select count(*) from operation_past" + suffix);
        }
    }

    private static double number(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery(query)) {
            row.next();
            return row.getDouble(1);
        }
    }
}
