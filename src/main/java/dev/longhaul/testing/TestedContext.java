package dev.longhaul.testing;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.task.Ask;
import dev.longhaul.task.Child;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TransactionalWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Records what a task does. Nothing is stored.
final class TestedContext implements TaskContext {

    private final JsonMapper json = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private final OperationId id = new OperationId(UUID.randomUUID());
    private final Map<String, Object> answers;
    private final Map<String, @Nullable Object> results;
    private final List<String> steps = new ArrayList<>();
    private final List<String> reports = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<Submission> children = new ArrayList<>();
    private Duration slept = Duration.ZERO;

    TestedContext(Map<String, Object> answers, Map<String, @Nullable Object> finished) {
        this.answers = answers;
        this.results = new HashMap<>(finished);
    }

    List<String> steps() {
        return steps;
    }

    List<String> reports() {
        return reports;
    }

    List<String> lines() {
        return lines;
    }

    List<Submission> children() {
        return children;
    }

    Duration slept() {
        return slept;
    }

    @Override
    public OperationId operationId() {
        return id;
    }

    @Override
    public String type() {
        return "tested";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public void report(long current, long total, String message) {
        report(100.0 * current / total, message);
    }

    @Override
    public void report(double percent, String message) {
        reports.add(percent + " % " + message);
    }

    @Override
    public void log(LogLine.Level level, String message) {
        lines.add(level.word() + ": " + message);
    }

    @Override
    public <T> @Nullable T step(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception {
        if (!results.containsKey(name)) {
            results.put(name, body.call());
            steps.add(name);
        }
        return result.cast(results.get(name));
    }

    @Override
    public <T> @Nullable T quickStep(String name, Class<T> result, Callable<? extends @Nullable T> body)
            throws Exception {
        return step(name, result, body);
    }

    @Override
    public <T> @Nullable T transaction(String name, Class<T> result,
            TransactionalWork<? extends @Nullable T> work) {
        if (results.containsKey(name)) {
            return result.cast(results.get(name));
        }
        throw new UnsupportedOperationException("step " + name + " is a transaction, which needs a database: give its "
                + "result with finished(\"" + name + "\", …), or test with @LonghaulTest");
    }

    @Override
    public boolean version(String change) {
        return true;
    }

    @Override
    public void sleep(Duration duration) {
        slept = slept.plus(duration);
    }

    @Override
    public OperationId submit(String name, Submission child, double weight) {
        children.add(child);
        return new OperationId(UUID.randomUUID());
    }

    @Override
    public List<OperationId> submitAll(String name, List<Submission> all) {
        return all.stream().map(child -> submit(name, child, 1)).toList();
    }

    @Override
    public JsonNode json(Object input) {
        return json.valueToTree(input);
    }

    @Override
    public List<Child> await(Collection<OperationId> ids) {
        throw needsDatabase("wait for its children");
    }

    @Override
    public List<Child> await() {
        throw needsDatabase("wait for its children");
    }

    @Override
    public void join() {
        throw needsDatabase("wait for its children");
    }

    private static UnsupportedOperationException needsDatabase(String what) {
        return new UnsupportedOperationException("a task cannot " + what + " without a database: test it with "
                + "@LonghaulTest");
    }

    @Override
    public <T> T ask(String name, Class<T> answer, Ask ask) {
        var given = answers.get(name);
        if (given == null) {
            throw new IllegalStateException("the task asks " + name + " (" + ask.action() + "), and the test has no "
                    + "answer: give one with answer(\"" + name + "\", …)");
        }
        return answer.cast(given);
    }

    @Override
    public void pose(String name, Class<?> answer, Ask ask) {
    }

    @Override
    public void pause(Duration duration) {
        slept = slept.plus(duration);
    }

    @Override
    public void conclude(String message) {
        reports.add("100.0 % " + message);
    }

    @Override
    public void check() {
    }

    @Override
    public Optional<Duration> remaining() {
        return Optional.empty();
    }
}
