package dev.longhaul.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread of its own that goes round and round until it is stopped. What goes wrong in one round is logged, and the
/// next begins: a loop that ended by itself would leave all who rely on it waiting.
public final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);
    private static final Duration BREATH = Duration.ofMillis(100);

    private final String name;
    private final Round round;
    private volatile @Nullable Thread thread;

    public Loop(String name, Round round) {
        this.name = name;
        this.round = round;
    }

    public interface Round {
        void go() throws InterruptedException;
    }

    /// May be started again after a stop.
    public void start() {
        var starting = Thread.ofPlatform().name(name).daemon().unstarted(this::goRound);
        thread = starting;   // before it runs: its first look at isRunning() must see it
        starting.start();
    }

    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    public boolean isRunning() {
        return thread != null;
    }

    /// Asked from within the loop: whether this very thread is still the one.
    public boolean goesOn() {
        return thread == Thread.currentThread();
    }

    private void goRound() {
        while (goesOn()) {
            try {
                round.go();
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException | Error unexpected) {
                log.error("{} goes on after", name, unexpected);
                breathe();
            }
        }
    }

    private void breathe() {
        try {
            Thread.sleep(BREATH);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
