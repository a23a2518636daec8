package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The second half of `docs/cli.md` is the help of the commands: `mvn test -Dtest=CliPageTest -Dregenerate` writes it.
class CliPageTest {

    private static final Path PAGE = Path.of("docs/cli.md");
    private static final String MARK = "## Every command\n";

    @Test
    void thePageIsTheHelpOfTheCommands() throws IOException {
        var page = Files.readString(PAGE);
        var right = page.substring(0, page.indexOf(MARK)) + MARK + reference();
        if (System.getProperty("regenerate") != null) {
            Files.writeString(PAGE, right);
        }

        assertThat(Files.readString(PAGE)).as("regenerate it with: mvn test -Dtest=CliPageTest -Dregenerate")
                .isEqualTo(right);
    }

    private static String reference() {
        var text = new StringBuilder(
                "\nGenerated from the help of the commands by `mvn test -Dtest=CliPageTest -Dregenerate`.\n");
        var line = LonghaulCommand.everything();
        line.setUsageHelpWidth(118).setUsageHelpAutoWidth(false);
        write(line, text);
        return text.toString();
    }

    /// Depth first.
    private static void write(CommandLine line, StringBuilder text) {
        new LinkedHashSet<>(line.getSubcommands().values()).forEach(command -> {
            var name = command.getCommandSpec().qualifiedName().replaceFirst("longhaul ", "");
            command.setUsageHelpWidth(118).setUsageHelpAutoWidth(false);
            text.append("\n").append("#".repeat(name.contains(" ") ? 4 : 3)).append(' ').append(name)
                    .append("\n\n```\n").append(command.getUsageMessage(Ansi.OFF).stripTrailing()).append("\n```\n");
            write(command, text);
        });
    }
}
