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

/// The first process of a running PostgreSQL, found by the pid in its data directory.
///
/// @param db its data directory
record Postmaster(long pid, Path db) {

    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

    /// A pid that no process has: Linux ends at 2^22, macOS at 99,999.
    private static final String NOBODY = String.valueOf(Integer.MAX_VALUE);

    /// The server that runs on `db`; a pid that is a stranger's, for it was reused since, is taken out of the file, for
    /// PostgreSQL would refuse to start as long as that process lives. The file itself stays: its shared memory key is
    /// how PostgreSQL notices backends that outlived a killed postmaster. Only a file without any pid is deleted:
    /// PostgreSQL would refuse it for ever.
    static Optional<Postmaster> on(Path db) throws IOException {
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
        lines.set(0, NOBODY);
        Files.write(file, lines);
        return Optional.empty();
    }

    /// Is that process a PostgreSQL on our data? A zombie is not: it has no command line any more.
    boolean isAlive() {
        var words = commandLine();
        return !words.isEmpty() && Path.of(words.getFirst()).endsWith("postgres")
                && (words.contains(db.toString()) || worksIn(db));
    }

    private List<String> commandLine() {
        try {
            return Arrays.stream(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"))
                    .filter(word -> !word.isEmpty()).toList();
        } catch (IOException noProcHere) {
            return ProcessHandle.of(pid).map(ProcessHandle::info)
                    .filter(info -> info.command().isPresent())
                    .map(info -> Stream.concat(info.command().stream(),
                            Arrays.stream(info.arguments().orElse(new String[0]))).toList())
                    .orElse(List.of());
        }
    }

    /// True also after the directory was renamed under a running server.
    private boolean worksIn(Path directory) {
        try {
            return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), directory);
        } catch (IOException notOurs) {
            return false;
        }
    }

    /// Does nothing when it has ended. Ends it the gentlest way that works: fast (transactions are rolled back, a
    /// checkpoint is written), immediate (as in a crash), kill.
    void stop() {
        if (isAlive() && !endsAfter("INT", Duration.ofSeconds(60)) && !endsAfter("QUIT", Duration.ofSeconds(10))
                && !endsAfter("KILL", Duration.ofSeconds(10))) {
            throw new EmbeddedPostgresException(("PostgreSQL (process %d on %s) should have ended, and survived even "
                    + "a KILL.").formatted(pid, db),
                    "Look what holds process " + pid + ", e.g. a disk that does not answer.");
        }
    }

    private boolean endsAfter(String signal, Duration patience) {
        log.debug("sending {} to PostgreSQL, process {}", signal, pid);
        FinishedProcess.run("sh", "-c", "kill -" + signal + " " + pid);
        var deadline = Instant.now().plus(patience);
        while (isAlive() && Instant.now().isBefore(deadline)) {
            Poll.ofMillis(20);
        }
        return !isAlive();
    }
}
