package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.task.Task;
import dev.longhaul.testing.TaskTester;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A task without a database.
class InvoicesTest {

    record Reminder(String customer) {}

    private final Task<Reminder, String> remind = (reminder, context) -> {
        context.sleep(Duration.ofDays(14));
        return context.step("mail", String.class, () -> "mail to " + reminder.customer());
    };

    @Test
    void aReminderIsMailedAfterTwoWeeks() throws Exception {
        var run = TaskTester.of(remind).run(new Reminder("ann"));

        assertThat(run.output()).isEqualTo("mail to ann");
        assertThat(run.slept()).hasDays(14);
        assertThat(run.steps()).containsExactly("mail");
    }
}
