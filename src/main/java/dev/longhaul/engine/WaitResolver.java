package dev.longhaul.engine;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.ChildStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/// Continues operations whose children have ended or whose input request is answered, and gives waiting parents the
/// progress of their children.
///
/// An end and the start of a wait may miss each other: the child's end sees no waiting parent yet, the parent's wait no
/// ended child. Both are checked after their commit, and the later check sees the other. A look at all waiting
/// operations makes up for lost notifications.
@Component
class WaitResolver implements NotificationHandler {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration BETWEEN_SUMS = Duration.ofMillis(500);
    /// Summing up many parents takes at most a twentieth of the time; without the rest it took a third of the
    /// database's.
    private static final int REST = 20;
    private static final int MAX_AT_ONCE = 500;

    private final ChildStore store;
    private final Node node;
    private final Loop loop = new Loop("wait resolver", this::resolve);
    private final Set<OperationId> toCheck = new HashSet<>();
    private final Set<OperationId> toSumUp = new HashSet<>();
    private volatile long checkAllAt = System.nanoTime();
    private long sumAt = System.nanoTime();

    WaitResolver(ChildStore store, Node node, NotificationListener listener) {
        this.store = store;
        this.node = node;
        listener.add(this);
    }

    Loop loop() {
        return loop;
    }

    /// This operation began to wait, or something that it may wait for has come.
    void check(OperationId waiting) {
        add(toCheck, List.of(waiting));
    }

    /// A child of this operation has new progress.
    void childChanged(OperationId parent) {
        add(toSumUp, List.of(parent));
    }

    private void add(Set<OperationId> ids, Collection<OperationId> added) {
        synchronized (ids) {
            ids.addAll(added);
        }
        loop.wake();
    }

    private static List<OperationId> take(Set<OperationId> ids) {
        synchronized (ids) {
            var taken = List.copyOf(ids);
            ids.clear();
            return taken;
        }
    }

    @Override
    public void childEnded(OperationId parent) {
        childChanged(parent);
        check(parent);
    }

    @Override
    public void missed() {
        checkAllAt = System.nanoTime();
        loop.wake();
    }

    private Pause resolve() {
        var checks = take(toCheck);
        try {
            if (System.nanoTime() - checkAllAt >= 0) {
                checkAllAt = System.nanoTime() + INTERVAL.toNanos();
                resume(store.awaiting());
            }
            if (System.nanoTime() - sumAt >= 0) {
                sumUp(take(toSumUp));
            }
            resume(checks);
        } catch (RuntimeException failed) {
            add(toCheck, checks);
            throw failed;
        }
        synchronized (toSumUp) {
            var now = System.nanoTime();
            var untilSum = toSumUp.isEmpty() ? Long.MAX_VALUE : sumAt - now;
            return Pause.upTo(Duration.ofNanos(Math.max(0, Math.min(checkAllAt - now, untilSum))));
        }
    }

    private void sumUp(List<OperationId> parents) {
        if (!parents.isEmpty()) {
            var began = System.nanoTime();
            store.rollUp(parents);
            var now = System.nanoTime();
            sumAt = now + Math.max(BETWEEN_SUMS.toNanos(), (now - began) * REST);
        }
    }

    private void resume(List<OperationId> ids) {
        for (var from = 0; from < ids.size(); from += MAX_AT_ONCE) {
            store.goOn(ids.subList(from, Math.min(ids.size(), from + MAX_AT_ONCE)), node.name());
        }
    }
}
