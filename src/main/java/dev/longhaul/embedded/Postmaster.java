package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The main process of a running PostgreSQL, found by the pid in its data directory.
///
/// @param db data directory
record Postmaster(long pid, Path db) {

    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

    /// Above the highest possible pid: 2^22 on Linux, 99,999 on macOS.
    private static final String UNUSED_PID = String.valueOf(Integer.MAX_VALUE);

    /// Finds the server that runs on `db`.
    ///
    /// The pid in the file may have been reused by an unrelated process. Such a pid is replaced, because PostgreSQL
    /// refuses to start while that process lives. The file stays: PostgreSQL uses its shared memory key to detect
    /// backends of a killed postmaster. A file without a pid is deleted, because PostgreSQL never accepts it.
    static Optional<Postmaster> runningOn(Path db) throws IOException {
        var file = db.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("[1-9][0-9]{0,9}")) {
            Files.delete(file);
            return Optional.empty();
        }
        var found = new Postmaster(Long.parseLong(lines.getFirst().strip()), db);
        if (found.isAlive()) {
            return Optional.of(found);
        }
        lines.set(0, UNUSED_PID);
        Files.write(file, lines);
        return Optional.empty();
    }

    /// True if the process is a PostgreSQL on our data. A zombie is not, because it has no command line.
    boolean isAlive() {
        var arguments = commandLine();
        return !arguments.isEmpty() && Path.of(arguments.getFirst()).endsWith("postgres")
                && (arguments.contains(db.toString()) || hasWorkingDirectory(db));
    }

    private List<String> commandLine() {
        try {
            return Arrays.stream(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"))
                    .filter(argument -> !argument.isEmpty()).toList();
        } catch (IOException noProcHere) {
            return ProcessHandle.of(pid).map(ProcessHandle::info).filter(info -> info.command().isPresent())
                    .map(info -> Stream.concat(info.command().stream(),
                            Arrays.stream(info.arguments().orElse(new String[0]))).toList()).orElse(List.of());
        }
    }

    /// Also true after the directory of a running server was renamed.
    private boolean hasWorkingDirectory(Path directory) {
        try {
            return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), directory);
        } catch (IOException notOurs) {
            return false;
        }
    }

    /// Tries a fast shutdown (rolls back transactions, writes a checkpoint), then an immediate one (as after a crash),
    /// then a kill.
    void stop() {
        if (isAlive() && !endsAfter("INT", Duration.ofSeconds(60)) && !endsAfter("QUIT", Duration.ofSeconds(10))
                && !endsAfter("KILL", Duration.ofSeconds(10))) {
            throw new EmbeddedPostgresException("PostgreSQL (process %d on %s) did not end after SIGKILL."
                    .formatted(pid, db),
                    "Check what blocks process " + pid + ", e.g. a disk that does not respond.");
        }
    }

    private boolean endsAfter(String signal, Duration timeout) {
        log.debug("sending {} to PostgreSQL, process {}", signal, pid);
        FinishedProcess.run("sh", "-c", "kill -" + signal + " " + pid);
        var deadline = Instant.now().plus(timeout);
        while (isAlive() && Instant.now().isBefore(deadline)) {
            Poll.sleepMillis(20);
        }
        return !isAlive();
    }
}
