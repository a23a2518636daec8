package dev.longhaul.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// How far a list looks at a time, where no index answers.
class ScanBudgetTest {

    private static final long PATIENCE = 100_000_000;

    private final Random random = new Random(11);

    @Test
    void goesOnAsBefore() {
        assertThat(ScanBudget.next(2_000, 50_000_000, PATIENCE)).isEqualTo(2_000);
        assertThat(ScanBudget.next(10_000, 80_000_000, PATIENCE)).isEqualTo(2_500);
        assertThat(ScanBudget.next(2_000, 1_000_000, PATIENCE)).as("grows, but not at once").isEqualTo(8_000);
    }

    @Test
    void endsWhenWhatIsLeftIsNotWorthIt() {
        assertThat(ScanBudget.next(2_000, 81_000_000, PATIENCE)).isZero();
        assertThat(ScanBudget.next(2_000, 1_000_000_000, PATIENCE)).isZero();
    }

    /// The first look may have met a cold cache, and those after it none.
    @Test
    void noLookShrinksToNothing() {
        for (var search = 0; search < 10_000; search++) {
            var looked = 1 + random.nextLong(90_000_000);
            var passed = 2_000L;
            for (long step; passed < 1L << 33 && (step = ScanBudget.next(passed, looked, PATIENCE))
                    != 0; passed += step) {
                assertThat(step).isBetween(500L, 315_360_000_000L);
                looked += random.nextLong(1_000);
            }
        }
    }
}
