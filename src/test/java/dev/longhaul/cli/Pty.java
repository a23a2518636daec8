package dev.longhaul.cli;

import dev.longhaul.Shell;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jline.utils.ScreenTerminal;

/// A command in a pseudo-terminal with an emulated screen. Uses `script` of util-linux.
final class Pty implements AutoCloseable {

    private final Process script;
    private final Path tty = Files.createTempFile("tty", "");
    private ScreenTerminal screen;
    private int columns;
    private int rows;

    static boolean isThere() {
        return System.getProperty("os.name").equals("Linux") && List.of("/usr/bin/script", "/bin/script").stream()
                .anyMatch(name -> Files.isExecutable(Path.of(name)));
    }

    Pty(Shell shell, int columns, int rows, String... arguments) throws IOException {
        this(shell, columns, rows, "exec " + shell.command(true, arguments).stream().map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ")));
    }

    /// @param commands for the Bourne shell
    Pty(Shell shell, int columns, int rows, String commands) throws IOException {
        this.columns = columns;
        this.rows = rows;
        this.screen = new ScreenTerminal(columns, rows);
        // a background process of a shell ignores Ctrl-C
        script = shell.start(List.of("env", "--default-signal=INT", "script", "-qefc",
                "tty > %s; stty cols %d rows %d; %s".formatted(tty, columns, rows, commands), "/dev/null"));
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (var in = new InputStreamReader(script.getInputStream(), StandardCharsets.UTF_8)) {
            var buffer = new char[4096];
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (this) {
                    screen.write(new String(buffer, 0, n));
                }
            }
        } catch (IOException closed) {
            // the command has ended
        }
    }

    synchronized List<String> lines() {
        return screen.toString().lines().map(String::stripTrailing).toList();
    }

    String text() {
        return String.join("\n", lines()).strip();
    }

    void type(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    synchronized void clear() {
        screen = new ScreenTerminal(columns, rows);
    }

    void resize(int columns, int rows) throws Exception {
        new ProcessBuilder("stty", "-F", Files.readString(tty).strip(), "cols", String.valueOf(columns), "rows",
                String.valueOf(rows)).start().waitFor();
        synchronized (this) {
            this.columns = columns;
            this.rows = rows;
            screen.setSize(columns, rows);
        }
    }

    int columns() {
        return columns;
    }

    int awaitExit() throws InterruptedException {
        if (!script.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it did not end; on its screen:\n" + text());
        }
        return script.exitValue();
    }

    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroy);
        script.destroy();
        try {
            Files.deleteIfExists(tty);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
