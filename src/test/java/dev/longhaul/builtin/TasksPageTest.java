package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Submission;
import dev.longhaul.types.TaskRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

@LonghaulTest
class TasksPageTest {

    @ParameterizedTest
    @ValueSource(strings = {"simulation", "csv_import", "sql_backfill", "http_request"})
    void thePageListsEveryFieldAndItsExampleIsValid(String type, @Autowired TaskRegistry tasks,
            @Autowired JsonMapper json) throws IOException {
        var section = Files.readString(Path.of("docs/tasks.md")).split("\n## " + type + "\n")[1].split("\n## ")[0];
        var fields = section.substring(section.indexOf("| field |"), section.indexOf("\nOutput"));

        assertThat(firstCells(fields)).containsExactlyInAnyOrderElementsOf(tasks.find(type).orElseThrow().inputSchema()
                .get("properties").propertyNames());
        tasks.checked(Submission.of(type, json.readTree(section.split("```json\n")[1].split("```")[0])));
    }

    private static List<String> firstCells(String table) {
        var names = new ArrayList<String>();
        table.lines().filter(line -> line.startsWith("| `"))
                .forEach(line -> Pattern.compile("`(.*?)`").matcher(line.split("\\|")[1]).results()
                        .forEach(name -> names.add(name.group(1))));
        return names;
    }
}
