package dev.longhaul.live;

import dev.longhaul.live.Loop.Pause;
import java.time.Duration;

/// Wakes a loop when an operation changes, so that the loop of an idle node can pause for longer.
public final class IdleBackoff implements NotificationHandler {

    private final NotificationListener listener;
    private final Loop loop;

    public IdleBackoff(NotificationListener listener, Loop loop) {
        this.listener = listener;
        this.loop = loop;
        listener.add(this);
    }

    /// @param longest notifications can be lost; while none arrive at all, the shortest pause is the only one
    public Pause pause(Duration shortest, Duration longest) {
        return new Pause(shortest, listener.isListening() && longest.compareTo(shortest) > 0 ? longest : shortest);
    }

    @Override
    public void anyChanged() {
        loop.wake();
    }

    @Override
    public void missed() {
        loop.wake();
    }
}
