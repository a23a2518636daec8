package dev.longhaul.schedule;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// The loop that starts what is due. It sleeps until the earliest moment of all schedules, however many there are; a
/// change of any wakes it.
@Component
class ScheduleLoop implements NotificationHandler, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ScheduleLoop.class);
    /// An announcement may be lost: no schedule that was made or moved meanwhile waits for longer.
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(20);
    private static final Duration BETWEEN_FORGETTING = Duration.ofHours(1);

    private final DueScheduleRun round;
    private final ScheduleTable table;
    private final ScheduleSettings settings;
    private final Environment environment;
    private final Loop loop = new Loop("schedules", this::runDue);
    private long forgetAt = System.nanoTime();

    ScheduleLoop(DueScheduleRun round, ScheduleTable table, ScheduleSettings settings, Environment environment,
            NotificationListener listener) {
        this.round = round;
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

    /// As the engine calls itself: host and port, unless set.
    private String name() {
        var named = environment.getProperty("longhaul.engine.name");
        try {
            return named == null ? InetAddress.getLocalHost().getHostName() + ":"
                    + environment.getProperty("local.server.port", "none") : named;
        } catch (UnknownHostException nameless) {
            return "localhost:" + environment.getProperty("local.server.port", "none");
        }
    }

    private Pause runDue() {
        var node = name();
        while (round.go(node) > 0) {
            if (!loop.isCurrent()) {
                return Pause.NONE;
            }
        }
        if (System.nanoTime() - forgetAt >= 0) {
            forgetAt = System.nanoTime() + BETWEEN_FORGETTING.toNanos();
            while (table.forgetFires(settings.keep()) > 0) {
                log.debug("there are more fires to forget");
            }
        }
        return Pause.upTo(Duration.ofMillis(round.untilNext(LONGEST_SLEEP.toMillis())));
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /// After the web server has its port, and with the engine: what it starts should find slots.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 99;
    }
}
