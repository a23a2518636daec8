package dev.longhaul.types;

import dev.longhaul.task.Ask;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Secret;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A task that puts its secrets into every report, log, output and error.
@TaskType(value = "keeps_secrets", description = "Tells its secrets wherever it can.")
class SecretTask implements Task<SecretTask.Input, Object> {

    record Input(String user, @Secret @Size(min = 8) String password, @Nullable Account account) {}

    record Account(String name, @Nullable @Secret Map<String, String> keys, @Nullable List<Account> others) {}

    record Picked(String choice, @Secret String code) {}

    static final AtomicInteger logins = new AtomicInteger();
    static final List<Input> given = new CopyOnWriteArrayList<>();

    @Override
    public Object run(Input input, TaskContext context) throws Exception {
        given.add(input);
        var password = input.password;
        context.log("logs in with " + password);
        context.report(50.0, "as " + input.user + " with " + password);
        context.step("between", () -> { });
        var token = context.step("log in", Map.class, () -> Map.of("token", "of " + password, "number",
                logins.incrementAndGet()));
        var again = context.transaction("log in again", String.class, _ -> "with " + password);
        if (!("of " + password).equals(token.get("token")) || !("with " + password).equals(again)) {
            throw new NotRetryable("its steps have other results than they had");
        }
        context.step("step " + password, () -> { });
        var first = new Picked("the first " + password, "code of " + password);
        var picked = context.ask("pick " + password, Picked.class, Ask.input("Which of " + password)
                .options(first.choice, "another").about(Map.of("of", password)).within(Duration.ofMillis(1))
                .otherwise(first));
        if (!picked.equals(first)) {
            throw new NotRetryable("another option than it gave");
        }
        if (context.attempt() == 1) {
            throw new IllegalStateException("refused: " + password,
                    new IllegalArgumentException("bad password " + password));
        }
        context.conclude("was let in with " + password);
        return Map.of("password", password, "all", List.of("x" + password + "y", input.account == null
                ? "none" : input.account.keys.get("api") + input.account.others.getFirst().keys.get("api")));
    }
}
