package dev.longhaul;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docs/settings.md` has every setting there is. It is made of the settings records and their `@param` docs:
/// `mvn test -Dtest=SettingsPageTest -Dregenerate` writes it anew.
class SettingsPageTest {

    private static final Path PAGE = Path.of("docs/settings.md");
    private static final String REGENERATE = "mvn test -Dtest=SettingsPageTest -Dregenerate";

    private static final String OPENING = """
            # Settings

            Made from the settings records by `%s`; change those, not this page.

            A setting can be given as an argument (`--longhaul.engine.slots=50`), as an environment variable (`LONGHAUL_ENGINE_SLOTS=50`; a hyphen is left
            out: `LONGHAUL_ENGINE_MAXBACKOFF`) or in an `application.yaml` beside the service. A value that makes no sense stops the start with a sentence that says what was expected.
            A duration is a number with its unit: `ms`, `s`, `m`, `h` or `d`, e.g. `500ms`, `10m`. A list has commas.
            """.formatted(REGENERATE);

    private static final String PRESET = """

            ## Spring Boot's

            Spring Boot's own settings hold as its documentation has them. The database is `spring.datasource.url`, `.username` and `.password` (role longhaul_service) with
            `spring.flyway.url`, `.user` and `.password` (role longhaul_owner); without them the embedded one is used. Longhaul sets these beforehand:

            | setting | here |
            |---|---|
            """;

    @Test
    void thePageIsWhatTheSettingsRecordsSay() throws IOException {
        var page = page();
        if (System.getProperty("regenerate") != null) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).as("made by: " + REGENERATE).exists();
        assertThat(Files.readString(PAGE)).as(PAGE + " differs from the settings; write it anew with: " + REGENERATE)
                .isEqualTo(page);
    }

    @Test
    void everySettingHasItsMeaning() {
        assertThat(settingsOfTheRecords()).as("settings of the records").hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(settings()).as(name + " is described by a @param of its record")
                        .anySatisfy(setting -> {
                    assertThat(setting.get("name").asString()).isEqualTo(name);
                    assertThat(setting.path("description").asString("")).isNotBlank();
                }));
        assertThat(sources()).as("a setting that only @Value knows is not on the page")
                .noneMatch(source -> source.contains("@Value(\"${"));
    }

    private static String page() throws IOException {
        var groups = new TreeMap<>(settings().stream()
                .collect(groupingBy(setting -> group(setting.get("name").asString()))));
        var page = new StringBuilder(OPENING);
        groups.forEach((group, settings) -> {
            page.append("\n## ").append(group)
                    .append("\n\n| setting | type | default | meaning |\n|---|---|---|---|\n");
            settings.forEach(setting ->
                    page.append("| `%s` | %s | %s | %s |\n".formatted(setting.get("name").asString(),
                    type(setting.get("type").asString()), value(setting), setting.path("description").asString("")
                    .replace("|", "\\|"))));
        });
        page.append(PRESET);
        presets().forEach((name, value) -> page.append("| `%s` | `%s` |\n".formatted(name, value)));
        return page.toString();
    }

    private static String group(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String type(String type) {
        return switch (type) {
            case "java.lang.Integer", "java.lang.Long", "java.lang.Double" -> "number";
            case "java.lang.Boolean" -> "true or false";
            case "java.lang.String", "java.net.URI" -> "text";
            case "java.time.Duration" -> "duration";
            case "java.nio.file.Path" -> "path";
            case "java.util.List<java.lang.String>", "java.util.Set<java.lang.String>" -> "list";
            default -> composed(type);
        };
    }

    /// E.g. a map of names to records: the fields of these, by name.
    private static String composed(String type) {
        var ours = Pattern.compile("dev\\.longhaul\\.[\\w.$]+").matcher(type);
        if (!ours.find()) {
            return "`" + type.replaceAll("[\\w.]+\\.", "") + "`";
        }
        try {
            var named = Class.forName(ours.group());
            var parts = named.isRecord() ? Arrays.stream(named.getRecordComponents())
                    .map(part -> "`" + hyphened(part) + "`").collect(joining(", "))
                    : Arrays.stream(named.getEnumConstants())
                    .map(one -> "`" + one.toString().toLowerCase(Locale.ROOT) + "`").collect(joining(", "));
            return (type.startsWith("java.util.Map") ? "by name: " : type.startsWith("java.util.List")
                    ? "list of: " : "") + parts;
        } catch (ClassNotFoundException unknown) {
            throw new IllegalStateException(unknown);
        }
    }

    /// The metadata has several values as `[one, two]`, and one as itself.
    private static String value(JsonNode setting) {
        var value = setting.path("defaultValue").asString("");
        var several = value.startsWith("[") && value.endsWith("]") && value.contains(", ");
        return value.isEmpty()
                ? "" : "`" + (several ? value.substring(1, value.length() - 1).replace(", ", ",") : value) + "`";
    }

    private static List<JsonNode> settings() {
        try (var json = new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream()) {
            return JsonMapper.shared().readTree(json).get("properties").valueStream().toList();
        } catch (IOException missing) {
            throw new IllegalStateException("spring-boot-configuration-processor should have written the settings' "
                    + "metadata", missing);
        }
    }

    private static List<String> settingsOfTheRecords() {
        var scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scan.findCandidateComponents("dev.longhaul").stream().flatMap(found -> {
            try {
                var record = Class.forName(found.getBeanClassName());
                var prefix = record.getAnnotation(ConfigurationProperties.class).value();
                return Arrays.stream(record.getRecordComponents()).map(component -> prefix + "." + hyphened(component));
            } catch (ClassNotFoundException gone) {
                throw new IllegalStateException(gone);
            }
        }).toList();
    }

    private static String hyphened(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> presets() throws IOException {
        var presets = new TreeMap<String, Object>();
        for (var source : new YamlPropertySourceLoader().load("application",
                new ClassPathResource("application.yaml"))) {
            for (var name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                presets.put(name, source.getProperty(name));
            }
        }
        return presets;
    }

    private static Stream<String> sources() {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).map(file -> {
                try {
                    return Files.readString(file);
                } catch (IOException unreadable) {
                    throw new IllegalStateException(unreadable);
                }
            }).toList().stream();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
