package dev.longhaul.engine;

import dev.longhaul.operation.InputRequest.Risk;
import dev.longhaul.task.Ask;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Requests input from people.
@TaskType(value = "asking", description = "Asks whatever a test wants it to ask.")
class AskingTask implements Task<AskingTask.Input, Object> {

    record Input(String kind, @Nullable Long timeoutMillis, boolean hasFallback) {}

    record Letter(String subject, String text) {}

    @Override
    public Object run(Input input, TaskContext context) throws Exception {
        var ask = switch (input.kind) {
            case "authorization" -> Ask.authorization("Send to 1,204 customers?").risk(Risk.HIGH)
                    .about(Map.of("customers", 1204));
            case "choice" -> Ask.input("Which region?").options("eu", "us");
            case "batch" -> Ask.input("Which batch?").options("2", "3");
            default -> Ask.review("Is the letter right?", new Letter("Hello", "Dear all"));
        };
        if (input.timeoutMillis != null) {
            ask = ask.within(Duration.ofMillis(input.timeoutMillis));
        }
        if (input.hasFallback) {
            ask = ask.otherwise(Map.of("choice", "eu"));
        }
        return switch (input.kind) {
            case "authorization" -> Map.of("sent", context.authorize("send", ask));
            case "choice", "batch" -> Map.of("region", context.choose("region", ask));
            default -> context.ask("letter", Letter.class, ask);
        };
    }
}
