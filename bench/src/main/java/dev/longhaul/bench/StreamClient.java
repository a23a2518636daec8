package dev.longhaul.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Thousands of event streams on one thread: it shares the processors with the service, so it must cost little. It
/// reads lines and knows three of them (`id:`, `event:`, `data:`); the sizes of HTTP's chunks stand on lines of their
/// own, since the service writes whole frames.
public final class StreamClient implements AutoCloseable {

    private static final int OPENING_AT_ONCE = 100;

    /// What arrived. `bytes` are the reader's own and only good until the return.
    public interface Reader {

        /// @param stream     the number of the stream, by order of opening
        /// @param id         the event's id
        /// @param event      first letter of its name: `p`rogress, `d`one, `e`rror
        /// @param from       where its data begins in `bytes`
        /// @param to         where it ends
        /// @param readMicros when it was read, microseconds since 1970
        void read(int stream, long id, char event, byte[] bytes, int from, int to, long readMicros);
    }

    private static final class Stream {
        final int number;
        final String path;
        byte[] rest = NOTHING;   // of a line that has not ended
        boolean open;
        long id;
        char event;

        Stream(int number, String path) {
            this.number = number;
            this.path = path;
        }
    }

    private static final byte[] NOTHING = {};

    private final Selector selector = Selector.open();
    private final InetSocketAddress address;
    private final Reader reader;
    private final Queue<Stream> toOpen = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private byte[] bytes = new byte[512 * 1024];
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private int underWay;
    private volatile boolean closed;
    private final Thread thread = Thread.ofPlatform().name("streams").unstarted(this::readAll);

    public StreamClient(int port, Reader reader) throws IOException {
        this.address = new InetSocketAddress("127.0.0.1", port);
        this.reader = reader;
        thread.start();
    }

    /// Returns at once; see [#opened].
    public void open(String path) {
        toOpen.add(new Stream(asked.getAndIncrement(), path));
        selector.wakeup();
    }

    /// How many were answered with 200.
    public int opened() {
        return open.get();
    }

    /// How many were not, or were cut before.
    public int refused() {
        return refused.get();
    }

    /// How many the service has ended.
    public int ended() {
        return ended.get();
    }

    private void readAll() {
        try {
            while (!closed) {
                while (underWay < OPENING_AT_ONCE && !toOpen.isEmpty()) {
                    connect(toOpen.remove());
                }
                selector.select(this::advance);
            }
            for (var key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void connect(Stream stream) throws IOException {
        underWay++;
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        channel.register(selector, SelectionKey.OP_CONNECT, stream);
    }

    private void advance(SelectionKey key) {
        var stream = (Stream) key.attachment();
        try {
            if (key.isConnectable()) {
                ((SocketChannel) key.channel()).finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                var request = "GET " + stream.path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";
                ((SocketChannel) key.channel()).write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            } else if (!read((SocketChannel) key.channel(), stream)) {
                end(key, stream);
            }
        } catch (IOException cut) {
            end(key, stream);
        }
    }

    private void end(SelectionKey key, Stream stream) {
        (stream.open ? ended : refused).incrementAndGet();
        underWay -= stream.open ? 0 : 1;
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException gone) {
            // as was wanted
        }
    }

    /// @return false: it has ended
    private boolean read(SocketChannel channel, Stream stream) throws IOException {
        buffer.clear();
        var read = channel.read(buffer);
        if (read < 0) {
            return false;
        }
        var micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        var length = stream.rest.length + read;
        if (length > bytes.length) {
            bytes = new byte[length * 2];
        }
        System.arraycopy(stream.rest, 0, bytes, 0, stream.rest.length);
        buffer.flip().get(bytes, stream.rest.length, read);
        var from = 0;
        for (var at = stream.rest.length; at < length; at++) {
            if (bytes[at] == '\n') {
                if (!line(stream, from, at, micros)) {
                    return false;
                }
                from = at + 1;
            }
        }
        stream.rest = from == length ? NOTHING : Arrays.copyOfRange(bytes, from, length);
        return true;
    }

    /// @return false: the stream ends here
    private boolean line(Stream stream, int from, int to, long micros) {
        if (to - from > 6 && bytes[from] == 'd' && bytes[from + 4] == ':') {
            reader.read(stream.number, stream.id, stream.event, bytes, from + 6, to, micros);
        } else if (to - from > 4 && bytes[from] == 'i' && bytes[from + 2] == ':') {
            stream.id = number(from + 4, to);
        } else if (to - from > 7 && bytes[from] == 'e' && bytes[from + 5] == ':') {
            stream.event = (char) bytes[from + 7];
        } else if (!stream.open && to - from > 12 && bytes[from] == 'H') {
            if (bytes[from + 9] != '2' || bytes[from + 11] != '0') {
                return false;
            }
            stream.open = true;
            underWay--;
            open.incrementAndGet();
            selector.wakeup();
        } else if (to - from == 2 && bytes[from] == '0' && stream.event != 0) {
            return false;   // the last chunk
        }
        return true;
    }

    private long number(int from, int to) {
        var number = 0L;
        for (var at = from; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            number = number * 10 + bytes[at] - '0';
        }
        return number;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
    }
}
