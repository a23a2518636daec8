package dev.longhaul.database;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;

/// Every SQL constant of the service is parsed and analysed by PostgreSQL against the migrated schema: a column that
/// was renamed, or a parameter of the wrong type, is found without running the code that holds it.
@ResourceLock(LonghaulTest.SPECIAL)
class StatementsTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SOURCES = Path.of("src/main/java");
    /// In small or capital letters; "Select one of …" is prose.
    private static final String BEGINNING =
            "(?:select|insert|update|delete|merge|with|SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\\b";
    private static final Pattern STATEMENT = Pattern.compile("(?s)\\s*" + BEGINNING + ".*");
    private static final Pattern CONSTANT = Pattern.compile("static final String (\\w+) =\\s*\"(?:\"\"\\s*)?"
            + BEGINNING);
    private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\\s*" + BEGINNING);

    record Statement(String name, String sql) {

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("statements")
    void postgresUnderstands(Statement statement) throws SQLException {
        var sql = NamedParameterUtils.substituteNamedParameters(statement.sql, null);
        try (var connection = database.connectAsService()) {
            try (var prepared = connection.prepareStatement(sql)) {
                prepared.getParameterMetaData();   // sends it to be parsed
            } catch (SQLException refused) {
                if (!"42P18".equals(refused.getSQLState())) {   // a parameter may be anything, as in format('%I', ?)
                    throw refused;
                }
                withTexts(connection, sql);
            }
        }
    }

    private static void withTexts(Connection connection, String sql) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
            var count = sql.chars().filter(c -> c == '?').count();
            for (var n = 1; n <= count; n++) {
                prepared.setString(n, "text");
            }
            prepared.getMetaData();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"select nowhere from operation", "select id from operation where nowhere = :id",
            "update operation set version = :a and :b"})
    void postgresDoesNotUnderstandJustAnything(String sql) {
        assertThatThrownBy(() -> postgresUnderstands(new Statement("wrong", sql))).isInstanceOf(SQLException.class);
    }

    @Test
    void noStatementIsOverlooked() {
        var parsed = statements().map(Statement::name).collect(toSet());

        assertThat(parsed).containsAll(constantsInSources()).hasSizeGreaterThan(30);
        files(SOURCES, ".java").forEach(file -> assertThat(count(TEXT_BLOCK, read(file)))
                .as("text blocks of SQL in %s that are no constant", file)
                .isEqualTo(constants(file).filter(name -> Pattern.compile("\\b" + name + " =\\s*\"\"\"")
                        .matcher(read(file)).find()).count()));
    }

    static Stream<Statement> statements() {
        return files(CLASSES, ".class")
                .map(file -> CLASSES.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", ""))
                .filter(name -> !name.endsWith("-info"))
                .flatMap(StatementsTest::statementsOf);
    }

    private static Stream<Statement> statementsOf(String className) {
        try {
            return Arrays.stream(Class.forName(className).getDeclaredFields())
                    .filter(field -> Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers())
                            && field.getType() == String.class)
                    .map(field -> new Statement(simple(className) + "." + field.getName(), value(field)))
                    .filter(statement -> STATEMENT.matcher(statement.sql).matches());
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1).replaceAll("\\$.*", "");
    }

    private static String value(Field field) {
        try {
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException closed) {
            throw new IllegalStateException(closed);
        }
    }

    private static Set<String> constantsInSources() {
        return files(SOURCES, ".java")
                .flatMap(file -> constants(file).map(name -> file.getFileName().toString().replace(".java", ".")
                + name)).collect(toSet());
    }

    private static Stream<String> constants(Path file) {
        return CONSTANT.matcher(read(file)).results().map(found -> found.group(1));
    }

    private static long count(Pattern pattern, String text) {
        return pattern.matcher(text).results().count();
    }

    private static Stream<Path> files(Path folder, String ending) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
