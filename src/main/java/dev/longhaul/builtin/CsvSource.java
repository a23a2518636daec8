package dev.longhaul.builtin;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/// The bytes of a CSV file from an offset on.
///
/// @param channel  its position is the number of bytes read
/// @param unpacked decompressed bytes from an offset on; closing it closes the channel
record CsvSource(FileChannel channel, InputStream unpacked) implements Closeable {

    static CsvSource open(Path file, long offset) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            var stream = Channels.newInputStream(channel);
            if (!file.toString().endsWith(".gz")) {
                channel.position(offset);
                return new CsvSource(channel, stream);
            }
            var unpacked = new GZIPInputStream(stream, 1 << 16);
            unpacked.skipNBytes(offset);
            return new CsvSource(channel, unpacked);
        } catch (IOException unreadable) {
            channel.close();
            throw unreadable;
        }
    }

    @Override
    public void close() throws IOException {
        unpacked.close();
    }
}
