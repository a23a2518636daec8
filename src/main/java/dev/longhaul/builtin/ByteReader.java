package dev.longhaul.builtin;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayDeque;

/// Reads bytes as characters, and remembers the offsets of lines that the parser has not reached.
final class ByteReader extends Reader {

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final ArrayDeque<Long> lineStarts = new ArrayDeque<>();
    private long firstLine = 1;
    private long offset;
    private boolean afterReturn;

    ByteReader(InputStream in, long offset) {
        this.in = in;
        this.offset = offset;
        lineStarts.add(offset);
    }

    @Override
    public int read(char[] into, int at, int length) throws IOException {
        var count = in.read(buffer, 0, Math.min(length, buffer.length));
        for (var i = 0; i < count; i++) {
            var b = buffer[i];
            into[at + i] = (char) (b & 0xFF);
            if (b == '\n' || b == '\r') {
                if (b == '\n' && afterReturn) {
                    lineStarts.removeLast();
                }
                lineStarts.addLast(offset + i + 1);
            }
            afterReturn = b == '\r';
        }
        offset += Math.max(count, 0);
        return count;
    }

    /// Lines must be queried in ascending order.
    long startOf(long line) {
        for (; firstLine < line; firstLine++) {
            lineStarts.removeFirst();
        }
        return lineStarts.getFirst();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
