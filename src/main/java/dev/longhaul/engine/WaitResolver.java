package dev.longhaul.engine;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.ChildStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Lets operations go on whose children are over or whose question is answered, and gives waiting parents the progress
/// of their children.
///
/// What ends and what begins to wait may pass each other unseen: the child's end sees no waiting parent yet, the
/// parent's wait no ended child. So both are looked at after their commit, and whichever comes second sees the other.
/// Announcements that were lost are made up for by a look at all that wait, now and then.
@Component
class WaitResolver implements NotificationHandler {

    private static final Logger log = LoggerFactory.getLogger(WaitResolver.class);
    private static final Duration ROUND = Duration.ofSeconds(30);
    private static final Duration BETWEEN_SUMS = Duration.ofMillis(500);
    /// Of many parents at once: a sum is told so much later that summing up takes a twentieth of the time, not a third
    /// of the database's.
    private static final int REST = 20;
    private static final int AT_ONCE = 500;

    private final ChildStore store;
    private final Node node;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition some = lock.newCondition();
    private Set<OperationId> toLookAt = new HashSet<>();
    private Set<OperationId> toSumUp = new HashSet<>();
    private long roundAt = System.nanoTime();
    private long sumAt = System.nanoTime();

    WaitResolver(ChildStore store, Node node, NotificationListener listener) {
        this.store = store;
        this.node = node;
        listener.add(this);
    }

    /// This operation began to wait, or something that it may wait for has come.
    void look(OperationId waiting) {
        lock.lock();
        try {
            toLookAt.add(waiting);
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A child of this operation got on.
    void moved(OperationId parent) {
        lock.lock();
        try {
            if (toSumUp.add(parent)) {
                some.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void childOver(OperationId parent) {
        moved(parent);
        look(parent);
    }

    @Override
    public void missed() {
        lock.lock();
        try {
            roundAt = System.nanoTime();
            some.signal();
        } finally {
            lock.unlock();
        }
    }

    void lookForEver() {
        try {
            while (true) {
                var work = next();
                try {
                    if (work.isRound) {
                        goOn(store.awaiting());
                    }
                    sumUp(work.sums);
                    goOn(work.looks);
                } catch (DataAccessException away) {
                    log.warn("could not look after the operations that wait: {}", away.getMessage());
                    work.looks.forEach(this::look);
                    Thread.sleep(500);
                } catch (RuntimeException | Error unexpected) {
                    log.error("the loop of those that wait goes on after", unexpected);
                }
            }
        } catch (InterruptedException stopped) {
            // the engine is over
        }
    }

    private record Work(boolean isRound, Collection<OperationId> sums, Collection<OperationId> looks) {}

    private Work next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var now = System.nanoTime();
                var untilRound = roundAt - now;
                var untilSum = toSumUp.isEmpty() ? Long.MAX_VALUE : sumAt - now;
                if (!toLookAt.isEmpty() || untilRound <= 0 || untilSum <= 0) {
                    return taken(now, untilRound <= 0, untilSum <= 0);
                }
                some.await(Math.min(untilRound, untilSum), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private Work taken(long now, boolean isRound, boolean isSum) {
        var looks = toLookAt;
        toLookAt = new HashSet<>();
        Set<OperationId> sums = Set.of();
        if (isSum) {
            sums = toSumUp;
            toSumUp = new HashSet<>();
        }
        if (isRound) {
            roundAt = now + ROUND.toNanos();
        }
        return new Work(isRound, sums, looks);
    }

    private void sumUp(Collection<OperationId> parents) {
        if (!parents.isEmpty()) {
            var began = System.nanoTime();
            store.rollUp(parents);
            var now = System.nanoTime();
            sumAt = now + Math.max(BETWEEN_SUMS.toNanos(), (now - began) * REST);
        }
    }

    private void goOn(Collection<OperationId> ids) {
        var all = List.copyOf(ids);
        for (var from = 0; from < all.size(); from += AT_ONCE) {
            store.goOn(all.subList(from, Math.min(all.size(), from + AT_ONCE)), node.name());
        }
    }
}
