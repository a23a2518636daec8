package dev.longhaul;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

/// Packages depend on each other in one direction, each has a page, and no file is longer than 300 lines.
class ArchitectureTest {

    private static final Path MAIN = Path.of("src/main/java");

    @Test
    void packagesUseOnlyTheirAllowedDependencies() {
        ApplicationModules.of(LonghaulServer.class).verify();
    }

    @Test
    void nothingImportsTheLegacyRevisionsOfMcpSoTheyCanBeDeletedAsAWhole() {
        ArchRuleDefinition.noClasses().that().resideOutsideOfPackage("dev.longhaul.mcp.legacy")
                .should().dependOnClassesThat().resideInAPackage("dev.longhaul.mcp.legacy")
                .check(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.longhaul.mcp"));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void everyPackageHasAPageAndNoNulls(String name) throws Exception {
        var page = MAIN.resolve(name.replace('.', '/')).resolve("package-info.java");

        assertThat(page).exists();
        assertThat(Files.readString(page)).as("begins with a sentence").matches("(?s)/// [A-Z`].*");
        var info = Class.forName(name + ".package-info");
        assertThat(info.isAnnotationPresent(NullMarked.class)).as("@NullMarked").isTrue();
        if (name.split("\\.").length == 3) {
            assertThat(info.getAnnotation(ApplicationModule.class)).as("@ApplicationModule").isNotNull();
            assertThat(info.getAnnotation(ApplicationModule.class).allowedDependencies()).as("lists its dependencies")
                    .doesNotContain(ApplicationModule.OPEN_TOKEN);
        }
    }

    static Stream<String> packages() {
        return sources(MAIN).map(file -> MAIN.relativize(file.getParent()).toString().replace('/', '.')).distinct()
                .sorted();
    }

    @Test
    void theMainPageNamesEveryPackage() throws IOException {
        var page = Files.readString(MAIN.resolve("dev/longhaul/package-info.java"));

        assertThat(packages().map(name -> name.split("\\.")).filter(name -> name.length == 3).map(name -> name[2]))
                .allSatisfy(name -> assertThat(page).containsPattern("\\b" + name + "\\b"));
    }

    @Test
    void noPackageOrClassHasAnEmptyName() {
        var empty = Set.of("config", "util", "utils", "common", "dto", "service", "impl", "exception", "exceptions",
                "helper");

        assertThat(packages().flatMap(name -> Stream.of(name.split("\\.")))).doesNotContainAnyElementsOf(empty);
        assertThat(sources(MAIN).map(file -> file.getFileName().toString()))
                .noneMatch(name -> name.matches(".*(Util|Utils|Helper|Manager|Impl)\\.java"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java"})
    void aFileHasAtMost300LinesOrGivesAReason(String folder) {
        var reason = "/// Longer than 300 lines: ";

        assertThat(sources(Path.of(folder)).filter(file -> lines(file).size() > 300)
                .filter(file -> lines(file).stream().noneMatch(line -> line.startsWith(reason)))
                .map(file -> file + ": " + lines(file).size())).as("split it, or say above the class: " + reason + "…")
                        .isEmpty();
    }

    private static Stream<Path> sources(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
