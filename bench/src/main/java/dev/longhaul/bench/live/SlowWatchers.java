package dev.longhaul.bench.live;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import dev.longhaul.bench.StreamClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// 180 watchers of one operation, alone and beside 20 that open a stream and never read it, in turns. The changes are
/// large, so that the buffers of those 20 are full long before the end.
final class SlowWatchers {

    private static final int READING = 180;
    private static final int SILENT = 20;
    private static final String LONG = "x".repeat(3_000);

    private final Service service;
    private final Operations operations;
    private final Results results;

    SlowWatchers(Service service, Operations operations, Results results) {
        this.service = service;
        this.operations = operations;
        this.results = results;
    }

    void measure(int rounds, int changes) throws Exception {
        var alone = new Latencies();
        var beside = new Latencies();
        turn(0, changes, new Latencies());   // to warm up
        for (var round = 0; round < rounds; round++) {
            turn(0, changes, alone);
            turn(SILENT, changes, beside);
        }
        results.row(READING + " watchers of one operation: a change -> each of them", alone);
        results.row("… beside " + SILENT + " more that never read", beside);
        results.target("live.slow-watchers.p99-ratio", beside.at(99) / alone.at(99), 1.2, "x");
    }

    private void turn(int silent, int changes, Latencies latencies) throws Exception {
        var id = operations.park();
        var read = new AtomicInteger();
        var changedAt = new long[1];
        var mute = new ArrayList<SocketChannel>();
        try (var client = new StreamClient(service.port(), (_, _, _, _, _, _, _) -> {
            if (changedAt[0] != 0) {
                latencies.add((System.nanoTime() - changedAt[0]) / 1000);
            }
            read.incrementAndGet();
        })) {
            for (var n = 0; n < silent; n++) {
                mute.add(openAndNeverRead(id));
            }
            for (var n = 0; n < READING; n++) {
                client.open("/progress/" + id + "/stream");
            }
            Wait.until(READING + " first lines", Duration.ofSeconds(30), () -> read.get() == READING);
            for (var change = 1; change <= changes; change++) {
                var expected = READING * (change + 1);
                changedAt[0] = System.nanoTime();
                operations.change(id, change + LONG);
                Wait.until("change " + change + " at all who read", Duration.ofSeconds(30), () -> read.get()
                        == expected);
            }
        } finally {
            close(mute);
        }
    }

    private SocketChannel openAndNeverRead(UUID id) throws IOException {
        var channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(new InetSocketAddress("127.0.0.1", service.port()));
        var request = "GET /progress/" + id
                + "/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static void close(List<SocketChannel> channels) throws IOException {
        for (var channel : channels) {
            channel.close();
        }
    }
}
