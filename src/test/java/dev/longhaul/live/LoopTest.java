package dev.longhaul.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LoopTest {

    @RepeatedTest(2_000)
    void aLoopThatIsStartedGoesRound() throws InterruptedException {
        var round = new CountDownLatch(1);
        var loop = new Loop("test", () -> {
            round.countDown();
            new CountDownLatch(1).await();
        });

        loop.start();

        assertThat(round.await(10, TimeUnit.SECONDS)).isTrue();
        loop.stop();
    }

    @Test
    void aLoopGoesOnWhateverARoundThrows() throws InterruptedException {
        var rounds = new AtomicInteger();
        var third = new CountDownLatch(3);
        var loop = new Loop("test", () -> {
            third.countDown();
            switch (rounds.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("told in the log");
                case 2 -> throw new StackOverflowError("told in the log");
                default -> new CountDownLatch(1).await();
            }
        });

        loop.start();

        assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
    }
}
