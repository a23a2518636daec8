package dev.longhaul.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An auditor's question, as `db/audit` has it, and its statement as psql would send it: variables filled in, defaults
/// where none is given.
record AuditFile(String name, String text) {

    private static final Path FOLDER = Path.of("db/audit");
    private static final Pattern DEFAULT = Pattern.compile("(?m)^\\\\set (\\w+) '([^']*)'$");
    private static final Pattern VARIABLE = Pattern.compile(":'(\\w+)'");

    static AuditFile named(String name) {
        try {
            return new AuditFile(name, Files.readString(FOLDER.resolve(name)));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    static List<AuditFile> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> named(file.getFileName().toString())).toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    Path path() {
        return FOLDER.resolve(name);
    }

    String question() {
        return text.lines().findFirst().orElse("");
    }

    List<Map<String, Object>> ask(JdbcClient reader, Map<String, String> variables) {
        return reader.sql(statement(variables)).query().listOfRows();
    }

    String statement(Map<String, String> variables) {
        var values = new HashMap<String, String>();
        DEFAULT.matcher(text).results().forEach(found -> values.put(found.group(1), found.group(2)));
        values.putAll(variables);
        var sql = text.lines().filter(line -> !line.startsWith("\\") && !line.startsWith("--"))
                .reduce("", (above, line) -> above + line + "\n");
        return VARIABLE.matcher(sql).replaceAll(found -> {
            var value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalStateException(name + " uses :'" + found.group(1) + "' and sets no default for it");
            }
            return Matcher.quoteReplacement("'" + value.replace("'", "''") + "'");
        });
    }
}
