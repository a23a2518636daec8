package dev.longhaul.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The code of docs/getting-started.md is code of the example application, which the build tests as installed.
class GettingStartedPageTest {

    private static final Pattern BLOCK = Pattern.compile("```(java|xml)\n(.*?)```", Pattern.DOTALL);

    @Test
    void itsCodeIsThatOfTheExample() throws IOException {
        var blocks = BLOCK.matcher(Files.readString(Path.of("docs/getting-started.md"))).results()
                .map(block -> block.group(2)).toList();

        assertThat(blocks).hasSizeGreaterThan(5).allSatisfy(block -> assertThat(example()).contains(block));
    }

    private static String example() throws IOException {
        try (var files = Files.walk(Path.of("examples/own-application"))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|xml)")
                    && !file.toString().contains("/target/")).map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException unreadable) {
                            throw new UncheckedIOException(unreadable);
                        }
                    }).collect(Collectors.joining("\n"));
        }
    }
}
