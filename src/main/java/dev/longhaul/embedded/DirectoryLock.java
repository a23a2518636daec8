package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Reserves a data directory for one service. The kernel releases the lock when the process dies.
final class DirectoryLock implements AutoCloseable {

    /// POSIX releases a process's lock when the process closes *any* descriptor of the file. So a second service in
    /// this JVM is refused before it opens the file.
    private static final Map<Path, String> LOCKED_BY_THIS_JVM = new ConcurrentHashMap<>();

    private final Path dir;
    private final FileChannel channel;

    private DirectoryLock(Path dir, FileChannel channel) {
        this.dir = dir;
        this.channel = channel;
    }

    /// Does not wait.
    ///
    /// @throws DirectoryInUseException if a running service uses `dir`
    static DirectoryLock acquire(Path dir) throws IOException {
        var self = "process %d, started %s".formatted(ProcessHandle.current().pid(), started());
        var holder = LOCKED_BY_THIS_JVM.putIfAbsent(dir, self);
        if (holder != null) {
            throw new DirectoryInUseException(dir, holder);
        }
        try {
            return new DirectoryLock(dir, lock(dir, self));
        } catch (IOException | RuntimeException failure) {
            LOCKED_BY_THIS_JVM.remove(dir);
            throw failure;
        }
    }

    private static FileChannel lock(Path dir, String self) throws IOException {
        var file = dir.resolve("longhaul.lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            var holder = Files.readString(file).strip();
            throw new DirectoryInUseException(dir, holder.isEmpty() ? "another process" : holder);
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((self + "\n").getBytes(StandardCharsets.UTF_8)));
        return channel;
    }

    private static Instant started() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now).truncatedTo(ChronoUnit.SECONDS);
    }

    /// The file stays: if it was deleted, two services could lock two files of the same name.
    @Override
    public void close() throws IOException {
        channel.close();
        LOCKED_BY_THIS_JVM.remove(dir);
    }
}
