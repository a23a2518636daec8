package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/// The data directory `db` and the server on it.
record Cluster(Path dir, PostgresBinaries binaries, OsUser osUser) {

    private static final Logger logger = LoggerFactory.getLogger(Cluster.class);

    /// On the command line, so that neither postgresql.conf nor `alter system` can change them.
    private static final String SERVER_OPTIONS = "-c port=%d -c listen_addresses=127.0.0.1 -c unix_socket_directories="
            + " -c fsync=on -c synchronous_commit=on -c full_page_writes=on";

    /// Written to postgresql.conf by initdb, where an operator may change them. Sized for a 2-core machine that also
    /// runs the service. This build of PostgreSQL supports only pglz.
    private static final List<String> INITIAL_SETTINGS = List.of("max_connections=100", "shared_buffers=256MB",
            "max_wal_size=2GB", "wal_compression=pglz");

    /// A zombie process, leftover shared memory or a port taken meanwhile blocks a start briefly.
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

    private static final long MAX_LOG_BYTES = 10_000_000;

    record EmbeddedServer(Watchdog watchdog, int port) {}

    Path db() {
        return dir.resolve("db");
    }

    private Path log() {
        return dir.resolve("postgresql.log");
    }

    /// Creates the data under another name and renames it when complete. The superuser's password is stored inside, so
    /// that it cannot be separated from the data.
    void initialise() throws IOException {
        if (Files.exists(db())) {
            requireSameMajorVersion();
            osUser.takeOwnership(db());
            return;
        }
        var unfinished = Files.createTempDirectory(dir, "initdb-");
        var created = unfinished.resolve("db");
        var password = PasswordFile.write(unfinished.resolve("superuser.password"), PasswordFile.random());
        osUser.takeOwnership(unfinished);
        initdb(created, password);
        Files.move(password, created.resolve("superuser.password"));
        Files.move(created, db(), StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(dir)) {
            directory.force(true);
        }
        FileSystemUtils.deleteRecursively(unfinished);
    }

    private void requireSameMajorVersion() throws IOException {
        var found = Files.readString(db().resolve("PG_VERSION")).strip();
        if (!found.equals(String.valueOf(binaries.majorVersion()))) {
            throw new EmbeddedPostgresException(
                    "The data in %s must be of PostgreSQL %d, not of PostgreSQL %s.".formatted(db(),
                    binaries.majorVersion(), found),
                    "Dump it with the Longhaul version that wrote it and restore it into a new directory, or use "
                    + "pg_upgrade.");
        }
    }

    /// The builtin locale C.UTF-8 sorts the same on every machine and does not depend on system libraries.
    private void initdb(Path created, Path password) {
        var command = osUser.run(
                Stream.concat(Stream.of(binaries.program("initdb").toString(), "-D", created.toString(),
                                "--username=postgres", "--pwfile=" + password, "--auth=scram-sha-256",
                                "--data-checksums", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8"),
                        INITIAL_SETTINGS.stream().flatMap(setting -> Stream.of("-c", setting))).toArray(String[]::new));
        if (!command.succeeded()) {
            throw new EmbeddedPostgresException("initdb failed in %s: %s"
                    .formatted(created, command.output()),
                    "Check that the directory is writable and its disk has space, or choose another with "
                    + "longhaul.embedded.dir.");
        }
    }

    Path superuserPassword() {
        return db().resolve("superuser.password");
    }

    /// The caller holds the directory's lock, so a server that runs on `db` has lost its service.
    void stopOrphan() throws IOException {
        var orphan = Postmaster.runningOn(db());
        if (orphan.isPresent()) {
            logger.warn("stopping PostgreSQL process {}, left running on {} by a killed service", orphan.get().pid(),
                    db());
            orphan.get().stop();
        }
    }

    EmbeddedServer start(int wantedPort) throws IOException {
        prepareLog();
        var ports = new ChosenPort(dir.resolve("port"));
        var deadline = Instant.now().plus(START_TIMEOUT);
        while (true) {
            var port = ports.choose(wantedPort);
            var watchdog = Watchdog.start(binaries, osUser, db(), log(), SERVER_OPTIONS.formatted(port));
            if (watchdog.isPresent()) {
                ports.keep(wantedPort, port);
                return new EmbeddedServer(watchdog.get(), port);
            }
            stopOrphan();   // pg_ctl may have timed out while the server is still starting
            if (Instant.now().isAfter(deadline)) {
                throw new EmbeddedPostgresException("PostgreSQL did not start on 127.0.0.1:%d; the end of %s:%n%s"
                        .formatted(port, log(), logTail()), "The log states the cause.");
            }
            Poll.sleepMillis(200);
        }
    }

    private void prepareLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > MAX_LOG_BYTES) {
            Files.move(log(), dir.resolve("postgresql.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log())) {
            Files.createFile(log());
        }
        osUser.takeOwnership(log());
    }

    private String logTail() throws IOException {
        var lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }
}
