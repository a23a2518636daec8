package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import org.junit.jupiter.api.Test;

/// Without the simulation of unknown task types, an unknown type is refused before anything is stored, by schedules and
/// workflows too.
class UnknownTypeTest {

    @Test
    void neitherAScheduleNorANodeMayBeOfATypeThatDoesNotExist() throws Exception {
        var port = Service.freePort();
        try (var service = Service.start(TestDatabase.shared().fresh(), port, "--longhaul.simulation.any-type=false")) {
            service.awaitUp();
            var client = new RestClient(port);

            var schedule = client.post("/api/v1/schedules",
                    "{\"name\": \"nightly\", \"cron\": \"30 2 * * *\", \"operation\": {\"type\": \"csv_imprt\", "
                    + "\"input\": {}}}");
            assertThat(schedule.code()).isEqualTo("unknown-type");
            assertThat(schedule.text("/detail")).contains("csv_imprt").contains("csv_import");
            assertThat(client.get("/api/v1/schedules").json().get("schedules")).isEmpty();

            var tool = client.post("/mcp", """
                    {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "schedule_task", "arguments": {"name": "nightly", "task_type": "csv_imprt", "every_seconds": 60}}}""");
            assertThat(tool.response().body()).contains("csv_imprt").contains("csv_import").contains("error");

            var workflow = client.post("/api/v1/workflows",
                    "{\"nodes\": {\"first\": {\"type\": \"compose\", \"input\": {\"value\": 1}}, \"second\": "
                    + "{\"type\": \"csv_imprt\", \"needs\": [\"first\"]}}}");
            assertThat(workflow.code()).isEqualTo("input-invalid");
            assertThat(workflow.text("/detail")).contains("nodes/second/type").contains("csv_imprt")
                    .contains("csv_import");
            assertThat(client.get("/api/v1/operations").json().get("operations")).isEmpty();
        }
    }
}
