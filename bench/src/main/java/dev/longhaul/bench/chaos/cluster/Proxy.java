package dev.longhaul.bench.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// A port that leads to the database, over a network that delays, cuts, swallows, and loses the answers of commits.
public final class Proxy implements AutoCloseable {

    private static final Pattern CHANGED = Pattern.compile("UPDATE [1-9]");

    private final ServerSocket entrance;
    private final int to;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong swallowed = new AtomicLong();
    private final AtomicLong delayed = new AtomicLong();
    private final AtomicInteger cutsLeft = new AtomicInteger();
    private final AtomicInteger lossesLeft = new AtomicInteger();
    private volatile boolean swallows;
    private volatile int delayMillis;

    Proxy(int to) throws IOException {
        this.to = to;
        entrance = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /// How many connections there have been.
    public long connections() {
        return connections.get();
    }

    /// How many connections there are.
    public int open() {
        return open.size();
    }

    /// @param port of the connection at the server
    public boolean isOpen(int port) {
        return open.stream().anyMatch(connection -> connection.server.getLocalPort() == port);
    }

    /// Bytes that were lost.
    public long swallowed() {
        return swallowed.get();
    }

    /// Pieces of messages that were held back.
    public long delayed() {
        return delayed.get();
    }

    /// The next answers of the server end in their middle, and the connection with them.
    public void cutAnswers(int number) {
        cutsLeft.set(number);
    }

    /// How many of these are still to come.
    public int cutsLeft() {
        return cutsLeft.get();
    }

    /// The server commits, and the connection ends before its answer.
    public void loseCommits(int number) {
        lossesLeft.set(number);
    }

    /// How many of these are still to come.
    public int lossesLeft() {
        return lossesLeft.get();
    }

    public void delay(int millis) {
        delayMillis = millis;
    }

    /// Loses all bytes of all connections, old and new, and tells neither side.
    public void swallow() {
        swallows = true;
    }

    /// New connections work.
    ///
    /// @param resets true: those that lost bytes are reset; false: they stay silent
    public void heal(boolean resets) {
        swallows = false;
        delayMillis = 0;
        cutsLeft.set(0);
        lossesLeft.set(0);
        if (resets) {
            open.stream().filter(connection -> connection.isBroken).forEach(Connection::reset);
        }
    }

    private void accept() {
        while (true) {
            try {
                var client = entrance.accept();
                Thread.startVirtualThread(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            var connection = new Connection(client, new Socket("127.0.0.1", to));
            open.add(connection);
            connections.incrementAndGet();
            connection.begin();
        } catch (IOException refused) {
            close(client);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.setSoLinger(true, 0);   // a reset
            socket.close();
        } catch (IOException closedAlready) {
            // by the other direction
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException closedAlready) {
            // as was wanted
        }
        open.forEach(Connection::reset);
    }

    private final class Connection {

        private final Socket client;
        private final Socket server;
        private volatile boolean isBroken;

        Connection(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void begin() {
            Thread.startVirtualThread(() -> pass(client, server, false));
            Thread.startVirtualThread(() -> pass(server, client, true));
        }

        private void pass(Socket from, Socket into, boolean isAnswer) {
            var buffer = new byte[16_384];
            try {
                while (true) {
                    var read = from.getInputStream().read(buffer);
                    if (read < 0) {
                        break;
                    }
                    if (swallows || isBroken) {
                        isBroken = true;
                        swallowed.addAndGet(read);
                        continue;
                    }
                    if (delayMillis > 0) {
                        delayed.incrementAndGet();
                        Thread.sleep(delayMillis);
                    }
                    if (isAnswer && takes(cutsLeft)) {
                        into.getOutputStream().write(buffer, 0, read / 2);
                        break;
                    }
                    if (isAnswer && lossesLeft.get() > 0 && isCommitted(buffer, read) && takes(lossesLeft)) {
                        break;
                    }
                    into.getOutputStream().write(buffer, 0, read);
                }
            } catch (IOException | InterruptedException gone) {
                // the other side learns it by a reset
            }
            reset();
        }

        private boolean takes(AtomicInteger left) {
            return left.get() > 0 && left.getAndDecrement() > 0;
        }

        /// The answer ends with "ready for query, no transaction", and tells of a commit or of a changed row.
        private boolean isCommitted(byte[] buffer, int length) {
            var text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            return text.endsWith("Z\0\0\0\5I")
                    && (text.contains("COMMIT\0") || text.contains("INSERT 0 ") || CHANGED.matcher(text).find());
        }

        void reset() {
            open.remove(this);
            Proxy.close(client);
            Proxy.close(server);
        }
    }
}
