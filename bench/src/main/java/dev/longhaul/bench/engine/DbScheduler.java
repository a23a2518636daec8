package dev.longhaul.bench.engine;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.longhaul.bench.Database.Login;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

final class DbScheduler extends Contestant {

    private static final int THREADS = 50;

    private final HikariDataSource pool;
    private final AtomicLong ran = new AtomicLong();
    private final OneTimeTask<Void> task = Tasks.oneTime("bench").execute((_, _) -> ran.incrementAndGet());
    private final Scheduler scheduler;
    private final AtomicLong submitted = new AtomicLong();

    private DbScheduler(Login login, String settings, UnaryOperator<SchedulerBuilder> tuning) throws Exception {
        super("db-scheduler", settings, login, "not exists (select from scheduled_tasks)");
        try (var connection = login.connect(); var statement = connection.createStatement()) {
            statement.execute("""
                    create table scheduled_tasks (
                        task_name text not null, task_instance text not null, task_data bytea, execution_time timestamptz not null,
                        picked boolean not null, picked_by text, last_success timestamptz, last_failure timestamptz,
                        consecutive_failures int, last_heartbeat timestamptz, version bigint not null, priority smallint,
                        state text, primary key (task_name, task_instance));
                    create index execution_time_idx on scheduled_tasks (execution_time);
                    create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)""");
        }
        pool = Pool.of(login, 20);
        scheduler = tuning.apply(Scheduler.create(pool, task).threads(THREADS)).build();
        scheduler.start();
    }

    /// With the strategy that its documentation names for high throughput on PostgreSQL.
    static DbScheduler forThroughput(Login login) throws Exception {
        return new DbScheduler(login, "lock-and-fetch 0.5 to 4.0, " + THREADS
                + " threads, polls every 100 ms and whenever it runs low, batch inserts rewritten",
                builder -> builder.pollUsingLockAndFetch(0.5, 4.0).pollingInterval(Duration.ofMillis(100)));
    }

    /// The scheduler that submits a task also runs it at once, without a poll.
    static DbScheduler immediate(Login login) throws Exception {
        return new DbScheduler(login, "immediate execution, " + THREADS + " threads",
                SchedulerBuilder::enableImmediateExecution);
    }

    @Override
    void submitOne() {
        scheduler.schedule(task.instance(String.valueOf(submitted.getAndIncrement())), Instant.now());
    }

    @Override
    void submit(int count) {
        for (var left = count; left > 0; left -= 1000) {
            var batch = new ArrayList<TaskInstance<?>>();
            for (var n = Math.min(1000, left); n > 0; n--) {
                batch.add(task.instance(String.valueOf(submitted.getAndIncrement())));
            }
            scheduler.scheduleBatch(batch, Instant.now());
        }
    }

    @Override
    boolean mayBeIdle() {
        return ran.get() >= submitted.get();
    }

    @Override
    public void close() throws Exception {
        scheduler.stop();
        pool.close();
        super.close();
    }
}
