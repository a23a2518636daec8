package dev.longhaul.bench;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;

/// Submits within the service, as code that has Longhaul on its class path does. It is there during a bench only.
@RestController
class BenchController {

    private static final Caller CALLER = new Caller("bench", "bench");

    private final OperationStore store;

    BenchController(OperationStore store) {
        this.store = store;
    }

    /// Returns when all have run, though not all of their ends may be committed.
    ///
    /// @return how many nanoseconds it took to submit them
    @PostMapping("/bench/run")
    long run(@RequestParam int count) throws InterruptedException {
        var all = BenchNoop.RAN.sum() + count;
        var nanos = submit(count, 1000);
        while (BenchNoop.RAN.sum() < all) {
            Thread.sleep(2);
        }
        return nanos;
    }

    /// @return how many nanoseconds it took
    @PostMapping("/bench/submit")
    long submit(@RequestParam int count, @RequestParam int batch) {
        var submission = Submission.of("bench_noop", JsonNodeFactory.instance.objectNode());
        var begin = System.nanoTime();
        for (var left = count; left > 0; left -= batch) {
            store.submitAll(Collections.nCopies(Math.min(batch, left), submission), CALLER);
        }
        return System.nanoTime() - begin;
    }

    /// One at a time, each after a pause.
    ///
    /// @return of each, nanoseconds from the call to its return, and from there to the start of its task; below zero:
    ///     it started before
    @PostMapping("/bench/latency")
    List<long[]> latency(@RequestParam int rounds, @RequestParam long pause) throws InterruptedException {
        var submission = Submission.of("bench_noop", JsonNodeFactory.instance.objectNode());
        var latencies = new ArrayList<long[]>();
        BenchNoop.remembers = true;
        try {
            for (var round = 0; round < rounds; round++) {
                Thread.sleep(pause);
                var begin = System.nanoTime();
                var id = store.submit(submission, CALLER).operation().id().toString();
                var returned = System.nanoTime();
                Long started = null;
                while ((started = BenchNoop.STARTED.remove(id)) == null) {
                    Thread.sleep(1);
                }
                latencies.add(new long[] {returned - begin, started - returned});
            }
        } finally {
            BenchNoop.remembers = false;
        }
        return latencies;
    }

    /// Submits operations whose task sleeps for days.
    @PostMapping("/bench/sleep")
    void sleep(@RequestParam int count) {
        for (var left = count; left > 0; left -= 1000) {
            store.submitAll(Collections.nCopies(Math.min(1000, left),
                    Submission.of("bench_sleeps", JsonNodeFactory.instance.objectNode())), CALLER);
        }
    }

    private volatile byte[] constant = {};

    /// What the two below answer from now on.
    @PostMapping("/api/v1/bench/constant")
    void remember(@RequestBody byte[] constant) {
        this.constant = constant;
    }

    /// The least that a get can be: the same server, the same filters, and an answer as long, with the same headers.
    @GetMapping("/api/v1/bench/constant/{id}")
    ResponseEntity<byte[]> constant(@PathVariable String id) {
        return ResponseEntity.ok().header("ETag", "\"v7\"").header("Cache-Control", "no-cache")
                .contentType(MediaType.APPLICATION_JSON).body(constant);
    }

    /// The same for a submission, which is read and forgotten.
    @PostMapping("/api/v1/bench/accept")
    ResponseEntity<byte[]> accept(@RequestBody byte[] body) {
        return ResponseEntity.accepted().header("ETag", "\"v1\"").header("Cache-Control", "no-cache")
                .contentType(MediaType.APPLICATION_JSON).body(constant);
    }

    /// @return how many threads of the operating system the service has
    @PostMapping("/bench/threads")
    int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
