package dev.longhaul.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Text from a file or from stdin. Editors on Windows put a byte order mark before it, which is no part of the text.
final class TextFile {

    static final String STDIN = "-";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFile() {
    }

    /// @param file a path, or `-` for stdin
    static String read(String file) {
        try {
            var text = new String(file.equals(STDIN) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file)),
                    StandardCharsets.UTF_8);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (NoSuchFileException none) {
            throw new CliError(ExitCode.USAGE, "there is no file " + file);
        } catch (IOException unreadable) {
            throw new CliError(ExitCode.USAGE, "cannot read " + file + ": " + unreadable.getMessage());
        }
    }
}
