package dev.longhaul.embedded;

import java.io.File;
import java.io.IOException;
import java.util.List;

/// @param output standard output and standard error
record FinishedProcess(int exitCode, String output) {

    /// An unknown program has exit code 127.
    static FinishedProcess run(List<String> command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");   // English messages; macOS requires it
            builder.directory(new File("/"));           // the user of the program may not enter our directory
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes());
            return new FinishedProcess(process.waitFor(), output.strip());
        } catch (IOException unknownProgram) {
            return new FinishedProcess(127, String.valueOf(unknownProgram.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), interrupted);
        }
    }

    static FinishedProcess run(String... command) {
        return run(List.of(command));
    }

    boolean succeeded() {
        return exitCode == 0;
    }
}
