package dev.longhaul.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A service in a JVM of its own, to be killed: starts the database, notes `before`, and says where it runs.
/// When it is asked to end, it drains first: notes `drained`, then stops the database.
record ChildService(Process process, BufferedReader said, int port, long serverPid, long guardPid)
        implements AutoCloseable {

    public static void main(String[] dir) throws Exception {
        try {
            var postgres = EmbeddedPostgres.start(new EmbeddedSettings(Path.of(dir[0]), 0));
            DataDirectory.note(postgres, "before");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(postgres)));
            System.out.println("up " + postgres.port() + " " + postgres.serverPid() + " " + postgres.guardPid());
        } catch (EmbeddedPostgresException refused) {
            System.out.println("refused " + refused.getMessage());
            return;
        }
        while (true) {
            LockSupport.park();
        }
    }

    private static void drain(EmbeddedPostgres postgres) {
        try (postgres) {
            // long enough that a server which heard the signal were gone
            for (int connection = 0; connection < 20; connection++) {
                DataDirectory.note(postgres, "drained");
            }
        } catch (Exception failure) {
            failure.printStackTrace(System.out);
        }
        System.out.println("stopped");
    }

    static ChildService start(Path dir, String classPath, String... prefix) throws IOException {
        var words = new ArrayList<>(List.of(prefix));
        words.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp", classPath, ChildService.class.getName(), dir.toString()));
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var said = process.inputReader();
        var everything = new StringBuilder();
        for (var line = said.readLine(); line != null; line = said.readLine()) {
            everything.append(line).append('\n');
            if (line.startsWith("up ")) {
                var numbers = line.split(" ");
                return new ChildService(process, said, Integer.parseInt(numbers[1]), Long.parseLong(numbers[2]),
                        Long.parseLong(numbers[3]));
            }
        }
        throw new IllegalStateException("the service did not start: " + everything);
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
        said.close();
    }
}
