package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InvalidMember;
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

/// Reads, pauses, resumes and limits queues.
@RestController
class QueuesController {

    private final QueueStore store;

    QueuesController(QueueStore store) {
        this.store = store;
    }

    /// @param depth            number of pending operations
    /// @param oldestAgeSeconds age of the oldest operation that is ready; null: none is ready, or in a list
    @JsonNaming(SnakeCaseStrategy.class)
    record QueueView(String name, boolean paused, @Nullable Instant resumeAt, @Nullable Integer maxRunning, long depth,
            long running, long waiting, @Nullable Double oldestAgeSeconds, @Nullable Instant changedAt,
            @Nullable String changedBy, @Nullable String changedSource, @Nullable String reason) {

        static QueueView of(QueueStore.Queue queue, @Nullable Double oldest) {
            return new QueueView(queue.name(), queue.paused(), queue.resumeAt(), queue.maxRunning(), queue.pending(),
                    queue.running(), queue.waiting(), oldest,
                    queue.changedAt(), queue.changedBy(), queue.changedVia(), queue.reason());
        }
    }

    record QueueList(List<QueueView> queues) {}

    @Endpoint(value = "List queues",
            description = "Queues with unfinished operations, and queues that were paused or limited.")
    @GetMapping("/api/v1/queues")
    QueueList listQueues() {
        return new QueueList(store.all().stream().map(queue -> QueueView.of(queue, null)).toList());
    }

    @Endpoint(value = "Get a queue", description = "Every name is a queue; the counts of an unused one are 0.")
    @GetMapping("/api/v1/queues/{name}")
    QueueView getQueue(@PathVariable String name) {
        return view(checked(name));
    }

    /// @param length after which the queue resumes by itself; null: never
    record PauseQueueRequest(
            @JsonPropertyDescription("The queue resumes by itself after this time") @Nullable Duration length,
            @JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {

        PauseQueueRequest {
            if (length != null && (!length.isPositive() || length.compareTo(SubmitRequest.LONGEST_DELAY) > 0)) {
                throw new InvalidMember("/length", "length must be more than 0s and at most 3650d");
            }
        }
    }

    @Endpoint(value = "Pause a queue",
            description = "No node and no worker claims from it; running operations continue.")
    @PostMapping("/api/v1/queues/{name}:pause")
    QueueView pauseQueue(@PathVariable String name, @JsonBody(optional = true) PauseQueueRequest pause, Caller caller) {
        store.pause(checked(name), pause.length, pause.reason, caller);
        return view(name);
    }

    @Endpoint("Resume a queue")
    @PostMapping("/api/v1/queues/{name}:resume")
    QueueView resumeQueue(@PathVariable String name, @JsonBody(optional = true) ReasonRequest request,
            Caller caller) {
        store.resume(checked(name), request.reason(), caller);
        return view(name);
    }

    /// @param maxRunning null: as many as there are slots
    record QueueLimitRequest(
            @JsonPropertyDescription("Maximum number of running operations on all nodes; null: no limit")
            @Min(1) @Nullable Integer maxRunning,
            @JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {}

    @Endpoint("Limit the running operations of a queue")
    @PutMapping("/api/v1/queues/{name}/limit")
    QueueView limitQueue(@PathVariable String name, @JsonBody QueueLimitRequest limit, Caller caller) {
        store.limit(checked(name), limit.maxRunning, limit.reason, caller);
        return view(name);
    }

    private QueueView view(String name) {
        return QueueView.of(store.one(name), store.oldestAge(name).orElse(null));
    }

    private static String checked(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a queue must not be blank");
        }
        return Text.storable("the name of a queue", name, 200);
    }
}
