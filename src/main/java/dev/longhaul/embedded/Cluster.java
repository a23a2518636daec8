package dev.longhaul.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
record Cluster(Path dir, PostgresBinaries binaries, OsUser account) {

    private static final Logger logger = LoggerFactory.getLogger(Cluster.class);

    /// On the command line, where neither postgresql.conf nor `alter system` can change them.
    private static final String FIXED = "-c port=%d -c listen_addresses=127.0.0.1 -c unix_socket_directories="
            + " -c fsync=on -c synchronous_commit=on -c full_page_writes=on";

    /// Written to postgresql.conf once, where a person may tune them. For a 2-core machine that also runs the service;
    /// of the kinds of compression this build of PostgreSQL has only pglz.
    private static final List<String> TUNING = List.of("max_connections=100", "shared_buffers=256MB",
            "max_wal_size=2GB", "wal_compression=pglz");

    /// A zombie, leftover shared memory or a port snatched in between block a start for moments, not for longer.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long LONG_LOG = 10_000_000;

    record Server(Watchdog guard, int port) {}

    Path db() {
        return dir.resolve("db");
    }

    private Path log() {
        return dir.resolve("postgresql.log");
    }

    /// Made beside its place and renamed when whole. The superuser's password lives in it, so that the two cannot part.
    void initialise() throws IOException {
        if (Files.exists(db())) {
            refuseAnotherMajorVersion();
            account.own(db());
            return;
        }
        var unfinished = Files.createTempDirectory(dir, "initdb-");
        var made = unfinished.resolve("db");
        var password = PasswordFile.write(unfinished.resolve("superuser.password"), PasswordFile.random());
        account.own(unfinished);
        initdb(made, password);
        Files.move(password, made.resolve("superuser.password"));
        Files.move(made, db(), StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(dir)) {
            directory.force(true);
        }
        FileSystemUtils.deleteRecursively(unfinished);
    }

    private void refuseAnotherMajorVersion() throws IOException {
        var found = Files.readString(db().resolve("PG_VERSION")).strip();
        if (!found.equals(String.valueOf(binaries.majorVersion()))) {
            throw new EmbeddedPostgresException(
                    "The data in %s must be of PostgreSQL %d, and is of PostgreSQL %s.".formatted(db(),
                    binaries.majorVersion(), found),
                    "Dump it with the Longhaul that wrote it and restore it into a new directory, or use pg_upgrade.");
        }
    }

    /// The builtin C.UTF-8 sorts alike on every machine and does not change with its libraries.
    private void initdb(Path made, Path password) {
        var command = account.run(Stream.concat(
                Stream.of(binaries.program("initdb").toString(), "-D", made.toString(), "--username=postgres",
                        "--pwfile=" + password, "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8",
                        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                TUNING.stream().flatMap(setting -> Stream.of("-c", setting))).toArray(String[]::new));
        if (!command.succeeded()) {
            throw new EmbeddedPostgresException("initdb should have made a PostgreSQL in %s, and said: %s"
                    .formatted(made, command.output()),
                    "Check that the directory is on a disk with room and may be written, or choose another with "
                    + "longhaul.embedded.dir.");
        }
    }

    Path superuserPassword() {
        return db().resolve("superuser.password");
    }

    /// Holding the directory's lock means that whatever runs on `db` has lost its service.
    void stopOrphan() throws IOException {
        var orphan = Postmaster.on(db());
        if (orphan.isPresent()) {
            logger.warn("stopping PostgreSQL, process {}, which a killed service left on {}", orphan.get().pid(), db());
            orphan.get().stop();
        }
    }

    Server start(int wantedPort) throws IOException {
        prepareLog();
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            var port = freePort(wantedPort);
            var guard = Watchdog.start(binaries, account, db(), log(), FIXED.formatted(port));
            if (guard.isPresent()) {
                return new Server(guard.get(), port);
            }
            stopOrphan();   // one that is still starting, after pg_ctl lost patience
            if (Instant.now().isAfter(deadline)) {
                throw new EmbeddedPostgresException(("PostgreSQL should accept connections on 127.0.0.1:%d, and did "
                        + "not come up; the end of %s:%n%s")
                        .formatted(port, log(), tail()), "What the log says is the cause.");
            }
            Poll.ofMillis(200);
        }
    }

    private void prepareLog() throws IOException {
        if (Files.exists(log()) && Files.size(log()) > LONG_LOG) {
            Files.move(log(), dir.resolve("postgresql.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log())) {
            Files.createFile(log());
        }
        account.own(log());
    }

    private static int freePort(int wanted) throws IOException {
        var loopback = InetAddress.getByName("127.0.0.1");
        try (var socket = new ServerSocket(wanted, 1, loopback)) {
            return socket.getLocalPort();
        } catch (BindException taken) {
            try (var socket = new ServerSocket(0, 1, loopback)) {
                return socket.getLocalPort();
            }
        }
    }

    private String tail() throws IOException {
        var lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }
}
