package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Text;
import dev.longhaul.store.QueueStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Queues: how full they are, and what people say about them.
@RestController
class QueuesController {

    private final QueueStore store;

    QueuesController(QueueStore store) {
        this.store = store;
    }

    /// @param depth            how many are pending
    /// @param oldestAgeSeconds for how long the one that waits longest could have begun; null in lists, and if none
    ///     waits
    @JsonNaming(SnakeCaseStrategy.class)
    record View(String name, boolean paused, @Nullable Instant resumeAt, @Nullable Integer maxRunning, long depth,
            long running, long waiting, @Nullable Double oldestAgeSeconds,
                @Nullable Instant changedAt, @Nullable String changedBy, @Nullable String changedVia,
                @Nullable String reason) {

        static View of(QueueStore.Queue queue, @Nullable Double oldest) {
            return new View(queue.name(), queue.paused(), queue.resumeAt(), queue.maxRunning(), queue.pending(),
                    queue.running(), queue.waiting(), oldest,
                    queue.changedAt(), queue.changedBy(), queue.changedVia(), queue.reason());
        }
    }

    record All(List<View> queues) {}

    @Endpoint(value = "Lists the queues",
            description = "Those that have something in them, and those that somebody paused or limited.")
    @GetMapping("/api/v1/queues")
    All list() {
        return new All(store.all().stream().map(queue -> View.of(queue, null)).toList());
    }

    @Endpoint(value = "Tells how full a queue is",
            description = "Every name is a queue: of one that nobody knows yet, everything is 0.")
    @GetMapping("/api/v1/queues/{name}")
    View get(@PathVariable String name) {
        return view(checked(name));
    }

    /// @param length after which the pause ends by itself
    record Pause(@JsonPropertyDescription("Ends by itself after so long") @Nullable Duration length,
            @JsonPropertyDescription("Why") @Size(max = 500) @Nullable String reason) {

        Pause {
            if (length != null && (!length.isPositive() || length.compareTo(SubmitRequest.LONGEST_DELAY) > 0)) {
                throw new IllegalArgumentException("length must be more than 0s and at most 3650d");
            }
        }
    }

    @Endpoint(value = "Pauses a queue", description = "Nothing is claimed from it, on any node; what runs goes on.")
    @PostMapping("/api/v1/queues/{name}:pause")
    View pause(@PathVariable String name, @JsonBody(optional = true) Pause pause, Caller caller) {
        store.pause(checked(name), pause.length, pause.reason, caller);
        return view(name);
    }

    @Endpoint("Ends the pause of a queue")
    @PostMapping("/api/v1/queues/{name}:resume")
    View resume(@PathVariable String name, @JsonBody(optional = true) OperationActionsController.ReasonBody why,
            Caller caller) {
        store.resume(checked(name), why.reason(), caller);
        return view(name);
    }

    /// @param maxRunning null: as many as there are slots
    record Limit(@JsonPropertyDescription("How many operations may run at once, on all nodes together; null: as many "
            + "as there are slots") @Min(1) @Nullable Integer maxRunning,
                 @JsonPropertyDescription("Why") @Size(max = 500) @Nullable String reason) {}

    @Endpoint("Limits how many operations of a queue run at once")
    @PutMapping("/api/v1/queues/{name}/limit")
    View limit(@PathVariable String name, @JsonBody Limit limit, Caller caller) {
        store.limit(checked(name), limit.maxRunning, limit.reason, caller);
        return view(name);
    }

    private View view(String name) {
        return View.of(store.one(name), store.oldestAge(name).orElse(null));
    }

    private static String checked(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a queue must not be blank");
        }
        return Text.storable("the name of a queue", name, 200);
    }
}
