package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database.Login;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/// Quartz with its JDBC store, not clustered, which spares it the row locks.
final class Quartz extends Contestant {

    private static final int THREADS = 20;
    private static final AtomicLong RAN = new AtomicLong();

    private final Scheduler scheduler;
    private long submitted;

    Quartz(Login login) throws Exception {
        super("Quartz JDBC", THREADS + " threads, acquires up to " + THREADS + " triggers at a time, not clustered",
                login,
                "not exists (select from qrtz_triggers) and not exists (select from qrtz_fired_triggers)");
        try (var connection = login.connect(); var statement = connection.createStatement();
             var tables = Scheduler.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/tables_postgres.sql")) {
            statement.execute(new String(tables.readAllBytes()));
        }
        var properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("org.quartz.scheduler.instanceName", "bench"),
                Map.entry("org.quartz.scheduler.skipUpdateCheck", "true"),
                Map.entry("org.quartz.threadPool.threadCount", String.valueOf(THREADS)),
                Map.entry("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(THREADS)),
                Map.entry("org.quartz.jobStore.acquireTriggersWithinLock", "true"),
                Map.entry("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX"),
                Map.entry("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate"),
                Map.entry("org.quartz.jobStore.misfireThreshold", "600000"),
                Map.entry("org.quartz.jobStore.dataSource", "bench"), Map.entry("org.quartz.dataSource.bench.provider",
                "hikaricp"),
                Map.entry("org.quartz.dataSource.bench.driver", "org.postgresql.Driver"),
                Map.entry("org.quartz.dataSource.bench.URL", login.url()),
                Map.entry("org.quartz.dataSource.bench.user", login.user()),
                Map.entry("org.quartz.dataSource.bench.password", login.password()),
                Map.entry("org.quartz.dataSource.bench.maxConnections", "12")));
        scheduler = new StdSchedulerFactory(properties).getScheduler();
        scheduler.start();
    }

    @Override
    int share() {
        return 40;
    }

    @Override
    void submitOne() throws Exception {
        submit(1);
    }

    @Override
    void submit(int count) throws Exception {
        for (var left = count; left > 0; left -= 1000) {
            var batch = new HashMap<JobDetail, Set<? extends Trigger>>();
            for (var n = Math.min(1000, left); n > 0; n--) {
                var name = String.valueOf(submitted++);
                batch.put(JobBuilder.newJob(Noop.class).withIdentity(name).build(),
                        Set.of(TriggerBuilder.newTrigger().withIdentity(name).startNow().build()));
            }
            scheduler.scheduleJobs(batch, false);
        }
    }

    @Override
    boolean mayBeIdle() {
        return RAN.get() >= submitted;
    }

    @Override
    public void close() throws Exception {
        scheduler.shutdown(true);
        super.close();
    }

    public static final class Noop implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            RAN.incrementAndGet();
        }
    }
}
