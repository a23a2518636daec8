package dev.longhaul.live;

import dev.longhaul.live.Loop.Pause;
import org.springframework.context.SmartLifecycle;

/// A component with one loop, which runs from the start of the service to its stop.
public abstract class LoopLifecycle implements SmartLifecycle {

    protected final Loop loop;

    /// @param name of the loop's thread
    protected LoopLifecycle(String name) {
        this.loop = new Loop(name, this::round);
    }

    /// @return the pause until the next round
    protected abstract Pause round() throws InterruptedException;

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }
}
