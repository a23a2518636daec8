package dev.longhaul.bench.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.longhaul.bench.Database.Login;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.configuration.JobRunrConfiguration.JobRunrConfigurationResult;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/// JobRunr, the open-source edition.
final class JobRunner extends Contestant {

    private static final int WORKERS = 100;
    private static final AtomicLong RAN = new AtomicLong();

    private final HikariDataSource pool;
    private final JobRunrConfigurationResult jobs;
    private long submitted;

    JobRunner(Login login) throws Exception {
        super("JobRunr", WORKERS + " workers on virtual threads, polls every 5 s (its shortest) and whenever workers are free", login, """
                to_regclass('jobrunr_jobs') is not null and not exists (select from jobrunr_jobs where state in ('ENQUEUED', 'PROCESSING'))""");
        pool = Pool.of(login, 12);
        jobs = JobRunr.configure()
                .useStorageProvider(new PostgresStorageProvider(pool))
                .useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(WORKERS).andPollInterval(Duration.ofSeconds(5)))
                .initialize();
    }

    @Override
    int share() {
        return 20;
    }

    @Override
    void submitOne() throws Exception {
        submit(1);
    }

    @Override
    void submit(int count) {
        for (var left = count; left > 0; left -= 1000) {
            var size = Math.min(1000, left);
            submitted += size;
            jobs.getJobRequestScheduler().enqueue(Stream.generate(Noop::new).limit(size));
        }
    }

    @Override
    boolean mayBeIdle() {
        return RAN.get() >= submitted;
    }

    @Override
    public void close() throws Exception {
        JobRunr.destroy();
        pool.close();
        super.close();
    }

    public record Noop() implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    public static final class Handler implements JobRequestHandler<Noop> {
        @Override
        public void run(Noop request) {
            RAN.incrementAndGet();
        }
    }
}
