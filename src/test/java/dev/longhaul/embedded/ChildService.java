package dev.longhaul.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A service in its own JVM, to be killed. It starts the database, writes the note `before`, and prints its port and
/// pids. On SIGTERM it writes `drained`, then stops the database.
record ChildService(Process process, BufferedReader output, int port, long serverPid, long watchdogPid)
        implements AutoCloseable {

    public static void main(String[] dir) throws Exception {
        try {
            var postgres = EmbeddedPostgres.start(new EmbeddedSettings(Path.of(dir[0]), 0));
            DataDirectory.writeNote(postgres, "before");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(postgres)));
            System.out.println("started " + postgres.port() + " " + postgres.serverPid() + " "
                    + postgres.watchdogPid());
        } catch (EmbeddedPostgresException failure) {
            System.out.println("refused " + failure.getMessage());
            return;
        }
        while (true) {
            LockSupport.park();
        }
    }

    private static void drain(EmbeddedPostgres postgres) {
        try (postgres) {
            // long enough that a server that received the signal would have ended
            for (int connection = 0; connection < 20; connection++) {
                DataDirectory.writeNote(postgres, "drained");
            }
        } catch (Exception failure) {
            failure.printStackTrace(System.out);
        }
        System.out.println("stopped");
    }

    static ChildService start(Path dir, String classPath, String... prefix) throws IOException {
        var command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp", classPath, ChildService.class.getName(), dir.toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = process.inputReader();
        var allOutput = new StringBuilder();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            allOutput.append(line).append('\n');
            if (line.startsWith("started ")) {
                var numbers = line.split(" ");
                return new ChildService(process, output, Integer.parseInt(numbers[1]), Long.parseLong(numbers[2]),
                        Long.parseLong(numbers[3]));
            }
        }
        throw new IllegalStateException("the service did not start: " + allOutput);
    }

    static ChildService start(Path dir) throws IOException {
        return start(dir, System.getProperty("java.class.path"));
    }

    boolean serverIsAlive(Path dir) throws IOException {
        return new Postmaster(serverPid, dir.resolve("db").toRealPath()).isAlive();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        output.close();
    }
}
