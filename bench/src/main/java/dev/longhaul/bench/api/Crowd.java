package dev.longhaul.bench.api;

import dev.longhaul.bench.Latencies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/// Many connections that ask again as soon as they are answered.
final class Crowd {

    static final int CONNECTIONS = 64;

    private final int port;

    Crowd(int port) {
        this.port = port;
    }

    record Seen(double rate, Latencies latencies) {}

    /// @param requests of each connection, made before the time counts
    Seen ask(int expected, double seconds, IntFunction<byte[]> requests)
            throws InterruptedException, ExecutionException {
        var answers = new LongAdder();
        var latencies = new Latencies();
        var until = System.nanoTime() + (long) (seconds * 1e9);
        var begin = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            var all = new ArrayList<Future<?>>();
            for (var n = 0; n < CONNECTIONS; n++) {
                var request = requests.apply(n);
                all.add(threads.submit(() -> {
                    ask(expected, until, request, answers, latencies);
                    return null;
                }));
            }
            for (var one : all) {
                one.get();
            }
        }
        return new Seen(answers.sum() / ((System.nanoTime() - begin) / 1e9), latencies);
    }

    private void ask(int expected, long until, byte[] request, LongAdder answers, Latencies latencies)
            throws IOException {
        try (var connection = new KeepAlive(port)) {
            while (true) {
                var sent = System.nanoTime();
                if (sent > until) {
                    return;
                }
                connection.expect(expected, request);
                latencies.add((System.nanoTime() - sent) / 1_000);
                answers.increment();
            }
        }
    }
}
