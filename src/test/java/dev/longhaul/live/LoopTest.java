package dev.longhaul.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.live.Loop.Pause;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LoopTest {

    private final Semaphore rounds = new Semaphore(0);
    private Loop loop;

    private void start(Loop.Round round) {
        loop = new Loop("test", () -> {
            rounds.release();
            return round.run();
        });
        loop.start();
    }

    @AfterEach
    void stop() {
        loop.stop();
    }

    private boolean isRound() throws InterruptedException {
        return rounds.tryAcquire(10, TimeUnit.SECONDS);
    }

    @RepeatedTest(2_000)
    void aStartedLoopRunsARound() throws InterruptedException {
        start(() -> Pause.ENDLESS);

        assertThat(isRound()).isTrue();
    }

    @Test
    void aLoopContinuesAfterExceptionsAndErrors() throws InterruptedException {
        var failures = new AtomicInteger();
        start(() -> switch (failures.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("logged");
            case 2 -> throw new StackOverflowError("logged");
            default -> Pause.ENDLESS;
        });

        assertThat(rounds.tryAcquire(3, 10, TimeUnit.SECONDS)).isTrue();
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
    }

    @Test
    void aWakeUpEndsThePause() throws InterruptedException {
        start(() -> Pause.ENDLESS);
        assertThat(isRound()).isTrue();

        loop.wake();

        assertThat(isRound()).isTrue();
    }

    @Test
    void aWakeUpDuringARoundStartsAnotherRound() throws InterruptedException {
        var woken = new CountDownLatch(1);
        start(() -> {
            woken.await();
            return Pause.ENDLESS;
        });
        assertThat(isRound()).isTrue();

        loop.wake();
        woken.countDown();

        assertThat(isRound()).isTrue();
    }

    @Test
    void aRoundThatHangsIsSeenAsBusy() throws InterruptedException {
        var hanging = new CountDownLatch(1);
        start(() -> {
            hanging.await();
            return Pause.ENDLESS;
        });
        assertThat(isRound()).isTrue();

        await().until(() -> loop.busy().compareTo(Duration.ofMillis(50)) > 0);
        hanging.countDown();
        await().until(() -> loop.busy().isZero());
        assertThat(loop.isAlive()).isTrue();
    }
}
