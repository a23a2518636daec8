package dev.longhaul;

import dev.longhaul.cli.LonghaulCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Runs commands of `longhaul` in this JVM, which saves a second each.
public final class Shell {

    private static final Set<String> WITHOUT_SERVICE = Set.of("--help", "--version", "completion", "man", "migrate",
            "version", "watchs", "frobnicate");

    private final URI service;

    public Shell(URI service) {
        this.service = service;
        System.setProperty("longhaul.terminal", "false");
    }

    public record Answer(int exit, String out, String err) {

        /// The output without trailing white space.
        public String text() {
            return out.stripTrailing();
        }
    }

    public Answer longhaul(String... arguments) {
        return longhaulReading("", arguments);
    }

    public Answer longhaulReading(String stdin, String... arguments) {
        var words = new ArrayList<>(List.of(arguments));
        if (!WITHOUT_SERVICE.contains(words.getFirst()) && !words.contains("--url") && !words.contains("--profile")) {
            words.addAll(List.of("--url", service.toString()));
        }
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        synchronized (Shell.class) {   // the JVM has one standard output, and test classes run side by side
            var before = new Streams(System.in, System.out, System.err);
            try {
                new Streams(new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)).use();
                return new Answer(LonghaulCommand.run(words.toArray(String[]::new)),
                        out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
            } finally {
                before.use();
            }
        }
    }

    private record Streams(InputStream in, PrintStream out, PrintStream err) {

        void use() {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    /// The command line of a process of its own.
    public List<String> command(boolean terminal, String... arguments) {
        var command = new ArrayList<>(ServiceImage.shared().command());
        command.addAll(command.size() - 1, List.of("-Dlonghaul.terminal=" + terminal, "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(arguments));
        return command;
    }

    /// With the address of the service in its environment.
    public Process start(List<String> command) {
        try {
            var builder = new ProcessBuilder(command);
            builder.environment().put("LONGHAUL_URL", service.toString());
            builder.environment().put("TERM", "xterm-256color");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
