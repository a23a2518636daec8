package dev.longhaul.promises;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A port of this machine that leads to another, over a network that cuts, stalls, dribbles and swallows.
final class BadNetwork implements AutoCloseable {

    private final ServerSocket entrance;
    private final int to;
    private final Function<Random, Fate> fates;
    private final Random random = new Random(Long.getLong("seed", System.nanoTime()));
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    /// What becomes of what a connection's server says.
    sealed interface Fate {
        record Whole() implements Fate {}

        record CutAfter(int bytes) implements Fate {}

        record StallAfter(int bytes) implements Fate {}

        /// One byte at a time, and cut in the end.
        record Dribble(int bytes) implements Fate {}
    }

    /// Good, until [#cut] or [#swallow].
    BadNetwork(int to) throws IOException {
        this(to, _ -> new Fate.Whole());
    }

    BadNetwork(int to, Function<Random, Fate> fates) throws IOException {
        this.to = to;
        this.fates = fates;
        entrance = new ServerSocket(0, 1_000, InetAddress.getByName("127.0.0.1"));
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /// How many there have been.
    int connections() {
        return connections.get();
    }

    /// Resets all connections there are.
    void cut() {
        open.forEach(Connection::reset);
    }

    /// Whatever is said on the connections there are is lost from now on, and neither side is told.
    void swallow() {
        open.forEach(connection -> connection.swallows = true);
    }

    private void accept() {
        while (true) {
            try {
                connect(entrance.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            var connection = new Connection(client, new Socket("127.0.0.1", to), fates.apply(random));
            open.add(connection);
            connections.incrementAndGet();
            connection.begin();
        } catch (IOException refused) {
            client.close();
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }

    private final class Connection {

        private final Socket client;
        private final Socket server;
        private final Fate fate;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean swallows;

        Connection(Socket client, Socket server, Fate fate) throws IOException {
            this.client = client;
            this.server = server;
            this.fate = fate;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void begin() {
            Thread.startVirtualThread(() -> run(() -> pass(client.getInputStream(), server.getOutputStream(),
                    Integer.MAX_VALUE)));
            Thread.startVirtualThread(() -> run(() -> answer(server.getInputStream(), client.getOutputStream())));
        }

        private void answer(InputStream from, OutputStream into) throws IOException, InterruptedException {
            switch (fate) {
                case Fate.Whole() -> pass(from, into, Integer.MAX_VALUE);
                case Fate.CutAfter(var bytes) -> pass(from, into, bytes);
                case Fate.StallAfter(var bytes) -> {
                    pass(from, into, bytes);
                    ended.await();   // the client loses its patience
                }
                case Fate.Dribble(var bytes) -> {
                    for (var n = 0; n < bytes; n++) {
                        pass(from, into, 1);
                    }
                }
            }
        }

        private void pass(InputStream from, OutputStream into, int bytes) throws IOException {
            var buffer = new byte[8_192];
            for (var left = bytes; left > 0; ) {
                var read = from.read(buffer, 0, Math.min(left, buffer.length));
                if (read < 0) {
                    throw new IOException("the end");
                }
                if (!swallows) {
                    into.write(buffer, 0, read);
                    left -= left == Integer.MAX_VALUE ? 0 : read;
                }
            }
        }

        private interface Pump {
            void run() throws IOException, InterruptedException;
        }

        /// Until its fate is fulfilled or one of the two has gone, which the other learns by a reset.
        private void run(Pump pump) {
            try {
                pump.run();
            } catch (IOException | InterruptedException gone) {
                // as may be
            }
            reset();
        }

        void reset() {
            open.remove(this);
            ended.countDown();
            for (var socket : new Socket[] {client, server}) {
                try {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException closedAlready) {
                    // by the other direction
                }
            }
        }
    }
}
