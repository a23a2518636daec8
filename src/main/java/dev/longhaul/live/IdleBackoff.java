package dev.longhaul.live;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets a loop that looks at the operations rest for longer while none of them changes, so that an idle node leaves its
/// database alone.
public final class IdleBackoff implements NotificationHandler {

    private final NotificationListener listener;
    private final AtomicBoolean changed = new AtomicBoolean(true);

    public IdleBackoff(NotificationListener listener) {
        this.listener = listener;
        listener.add(this);
    }

    /// A round, and as many more as nothing changes in, up to the longest time: announcements can be lost. While none
    /// arrive, one round.
    public void await(Duration round, Duration longest) throws InterruptedException {
        var until = System.nanoTime() + longest.toNanos();
        do {
            Thread.sleep(round);
        } while (!changed.getAndSet(false) && listener.isListening() && System.nanoTime()
                + round.toNanos() - until < 0);
    }

    @Override
    public void somethingChanged() {
        if (!changed.get()) {
            changed.set(true);
        }
    }

    @Override
    public void missed() {
        changed.set(true);
    }
}
