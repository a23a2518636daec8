package dev.longhaul.mcp.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs from npm, run by npm's own `node` package: the suite needs Node 22, whatever is installed.
final class NpmProgram {

    private static final Path FOLDER = Path.of("target", "node").toAbsolutePath();

    private NpmProgram() {
    }

    /// What a program said, and how it ended.
    record Ended(int exit, String said) {}

    /// Installs what `src/test/node/package.json` names, unless it is there.
    static void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        for (var file : List.of("package.json", "client1.mjs", "client2.mjs")) {
            Files.copy(Path.of("src", "test", "node", file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var stamp = FOLDER.resolve("installed");
        var wanted = Files.readString(FOLDER.resolve("package.json"));
        if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
            var installed = run(List.of("npm", "install", "--no-audit", "--no-fund", "--no-package-lock"), 600);
            if (installed.exit != 0) {
                throw new IllegalStateException("npm install failed:\n" + installed.said);
            }
            Files.writeString(stamp, wanted);
        }
    }

    /// @param program a file in `target/node`
    static Ended run(String program, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(FOLDER.resolve("node_modules/node/bin/node").toString(), program));
        command.addAll(List.of(arguments));
        return run(command, 300);
    }

    private static Ended run(List<String> command, int seconds) throws IOException, InterruptedException {
        var log = Files.createTempFile(FOLDER, "run-", ".log");
        var process = new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " did not end within " + seconds + " s:\n"
                        + Files.readString(log));
            }
            return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(log);
        }
    }
}
