package dev.longhaul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The words of docs/glossary.md are the only ones for their concepts. Retired words stay out of documents, and out of
/// the string literals of the sources: help texts, messages, descriptions, SQL.
class VocabularyTest {

    private static final Path MAIN = Path.of("src/main/java");

    /// A retired word, and the word for it.
    private static final Map<String, String> RETIRED = new TreeMap<>(Map.ofEntries(
            Map.entry("doors?", "interface, or source of a change"),
            Map.entry("bears?", "has; idempotent"),
            Map.entry("moments", "times, or scheduled runs"),
            Map.entry("who(m)?ever", "the principal, the client, the caller"),
            Map.entry("watchers?", "subscriber"),
            Map.entry("seal(s|ed|ing)?", "chain digest, sign, encrypt"),
            Map.entry("carriers?", "worker, batch writer"),
            Map.entry("fires?", "scheduled run"),
            Map.entry("rehears(e|es|ed|al|als|ing)", "simulation"),
            Map.entry("meters", "metrics"),
            Map.entry("lanes?", "claim group"),
            Map.entry("parked", "delayed"),
            Map.entry("unneeded", "not_triggered"),
            Map.entry("came and went", "submitted and finished"),
            Map.entry("r[ua]ns? empty", "drain")));
    private static final Pattern WORDS = Pattern.compile("(?i)(?<![\\w-])(" + String.join("|", RETIRED.keySet())
            + ")(?![\\w-])");

    /// Text in which a retired word is right.
    private static final List<Allowed> ALLOWED = List.of(
            new Allowed("builtin/Simulation.java", "rehearsal", "the former name of the task is an alias"),
            new Allowed("docs/tasks.md", "rehearsal", "the page names the alias"));

    private record Allowed(String file, String word, String reason) {}

    private static final Pattern LITERAL = Pattern.compile("\"\"\"\\R(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"",
            Pattern.DOTALL);

    static Stream<Path> documents() {
        return Stream.concat(Stream.of(Path.of("README.md"), Path.of("CHANGELOG.md")), Stream.of("docs", "examples",
                "deploy", "db/README.md").flatMap(folder -> files(Path.of(folder), "md|json|yaml|sh|py|mjs|java")));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void noRetiredWordIsInADocument(Path document) {
        assertThat(retired(document, read(document))).isEmpty();
    }

    @Test
    void noRetiredWordIsInAStringLiteral() {
        assertThat(files(MAIN, "java").flatMap(file -> LITERAL.matcher(read(file)).results()
                .flatMap(literal -> retired(file, literal.group()).stream())).sorted()).isEmpty();
    }

    @Test
    void noTwoClassesShareASimpleName() {
        var places = new TreeMap<String, Integer>();
        files(MAIN, "java").filter(file -> !file.endsWith("package-info.java"))
                .forEach(file -> places.merge(file.getFileName().toString(), 1, Integer::sum));

        places.values().removeIf(count -> count == 1);
        assertThat(places).isEmpty();
    }

    private static List<String> retired(Path file, String text) {
        return WORDS.matcher(text).results().filter(found -> ALLOWED.stream().noneMatch(allowed ->
                file.endsWith(allowed.file) && found.group().equalsIgnoreCase(allowed.word)))
                .map(found -> file + ": " + context(text, found.start(), found.end()) + "; say: "
                + instead(found.group())).toList();
    }

    private static String instead(String word) {
        return RETIRED.entrySet().stream().filter(retired -> word.toLowerCase(Locale.ROOT).matches(retired.getKey()))
                .map(Map.Entry::getValue).findFirst().orElseThrow();
    }

    private static String context(String text, int start, int end) {
        return text.substring(Math.max(0, start - 40), Math.min(text.length(), end + 40)).replaceAll("\\s+", " ");
    }

    private static Stream<Path> files(Path folder, String extensions) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(" + extensions + ")")).toList().stream();
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
