package dev.longhaul.embedded;

import java.io.File;
import java.io.IOException;
import java.util.List;

/// A program that was run to its end.
///
/// @param output what it said, errors included
record FinishedProcess(int exitCode, String output) {

    /// An unknown program counts as one that failed.
    static FinishedProcess run(List<String> words) {
        try {
            var builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");   // its messages in English, and macOS needs it
            builder.directory(new File("/"));           // ours may be closed to the account it runs as
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes());
            return new FinishedProcess(process.waitFor(), output.strip());
        } catch (IOException unknownProgram) {
            return new FinishedProcess(127, String.valueOf(unknownProgram.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + words.getFirst(), interrupted);
        }
    }

    static FinishedProcess run(String... words) {
        return run(List.of(words));
    }

    boolean succeeded() {
        return exitCode == 0;
    }
}
