package dev.longhaul.schedule;

import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Starts the due runs of all schedules. It sleeps until the next run of any schedule; a change of a schedule wakes it.
@Component
class ScheduleLoop extends LoopLifecycle implements NotificationHandler {

    private static final Logger log = LoggerFactory.getLogger(ScheduleLoop.class);
    /// Upper bound of the delay after a lost notification.
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(20);
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    private final DueScheduleRun dueRuns;
    private final ScheduleTable table;
    private final ScheduleSettings settings;
    private final Environment environment;
    private long purgeAt = System.nanoTime();

    ScheduleLoop(DueScheduleRun dueRuns, ScheduleTable table, ScheduleSettings settings, Environment environment,
            NotificationListener listener) {
        super("schedules");
        this.dueRuns = dueRuns;
        this.table = table;
        this.settings = settings;
        this.environment = environment;
        listener.add(this);
    }

    @Override
    public void scheduleChanged() {
        loop.wake();
    }

    @Override
    public void missed() {
        loop.wake();
    }

    @Override
    public void start() {
        if (settings.enabled()) {
            loop.start();
        }
    }

    /// The name of the node, as in the engine: host and port unless set.
    private String name() {
        var named = environment.getProperty("longhaul.engine.name");
        try {
            return named == null ? InetAddress.getLocalHost().getHostName() + ":"
                    + environment.getProperty("local.server.port", "none") : named;
        } catch (UnknownHostException nameless) {
            return "localhost:" + environment.getProperty("local.server.port", "none");
        }
    }

    @Override
    protected Pause round() {
        var node = name();
        while (dueRuns.run(node) > 0) {
            if (!loop.isCurrent()) {
                return Pause.NONE;
            }
        }
        if (System.nanoTime() - purgeAt >= 0) {
            purgeAt = System.nanoTime() + PURGE_INTERVAL.toNanos();
            while (table.purgeRuns(settings.runLogRetention()) > 0) {
                log.debug("there are more runs to purge");
            }
        }
        return Pause.upTo(Duration.ofMillis(dueRuns.untilNext(LONGEST_SLEEP.toMillis())));
    }

    /// After the web server, whose port is in the node's name, and together with the engine, which runs the operations.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 99;
    }
}
