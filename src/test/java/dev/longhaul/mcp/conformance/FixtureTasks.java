package dev.longhaul.mcp.conformance;

import dev.longhaul.mcp.conformance.ContentTools.Nothing;
import dev.longhaul.operation.InputRequest.Risk;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.task.AsTool;
import dev.longhaul.task.Ask;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tasks that the official conformance suite wants of a server.
class FixtureTasks {

    record Work(double seconds, @Nullable String label) {}

    record Done(String text) {}

    @TaskType(value = "slow_compute", description = "Computes for so many seconds.")
    @AsTool(readOnly = true, openWorld = false)
    static class SlowCompute implements Task<Work, Done> {
        @Override
        public Done run(Work input, TaskContext context) throws Exception {
            for (var step = 1; step <= 10; step++) {
                context.pause(Duration.ofMillis(Math.round(input.seconds() * 100)));
                context.report(step, 10, "step " + step);
            }
            return new Done("computed " + input.label());
        }
    }

    @TaskType(value = "failing_job", description = "Fails, and says why.")
    @AsTool(onlyAsTask = true)
    static class FailingJob implements Task<Nothing, Void> {
        @Override
        public @Nullable Void run(Nothing input, TaskContext context) throws Exception {
            throw new NotRetryable("the job failed, as it always does");
        }
    }

    @TaskType(value = "protocol_error_job", description = "Breaks down.")
    static class BrokenJob implements Task<Nothing, Void> {
        @Override
        public @Nullable Void run(Nothing input, TaskContext context) {
            throw new StackOverflowError("the job broke down");
        }

        @Override
        public RetryPolicy retryPolicy() {
            return new RetryPolicy.Exponential(Duration.ofMillis(10), 1, Duration.ofMillis(10));
        }
    }

    record File(String filename) {}

    record Confirmed(boolean confirm) {}

    @TaskType(value = "confirm_delete", description = "Deletes a file, if a person confirms.")
    static class ConfirmDelete implements Task<File, Done> {
        @Override
        public Done run(File input, TaskContext context) throws Exception {
            var confirmed = context.ask("delete", Confirmed.class, Ask.authorization("Delete " + input.filename() + "?")
                    .risk(Risk.HIGH));
            return new Done(confirmed.confirm() ? "deleted " + input.filename() : "kept " + input.filename());
        }
    }

    record Part(String name, boolean confirm) {}

    @TaskType(value = "multi_input", description = "Asks two things at once.")
    static class MultiInput implements Task<Nothing, Done> {
        @Override
        public Done run(Nothing input, TaskContext context) throws Exception {
            context.pose("first", Part.class, Ask.input("First?"));
            context.pose("second", Part.class, Ask.input("Second?"));
            return new Done(context.ask("first", Part.class, Ask.input("First?")).name() + " and "
                    + context.ask("second", Part.class, Ask.input("Second?")).name());
        }
    }

    record Signed(String signature) {}

    @TaskType(value = "sign_on_page", description = "Has a person sign on a page.")
    static class SignOnPage implements Task<Nothing, Done> {
        @Override
        public Done run(Nothing input, TaskContext context) throws Exception {
            return new Done(context.ask("sign", Signed.class,
                    Ask.input("Please sign").about(Map.of("url", "https://sign.example/1"))).signature());
        }
    }

    @TaskType(value = "test_reconnection", description = "Takes longer than its client's stream is held.")
    static class Reconnection implements Task<Nothing, Done> {
        @Override
        public Done run(Nothing input, TaskContext context) throws Exception {
            context.pause(Duration.ofMillis(1_700));
            return new Done("the client came back");
        }
    }
}
