package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors of the worker API.
@LonghaulTest
class RefusalTest extends WorkerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workers                     | {"name": "x"}                                                                     | input-invalid
            workers                     | {"name": "x", "types": []}                                                        | input-invalid
            workers                     | {"name": "x", "types": [{"type": "No Name"}]}                                     | invalid-request
            workers                     | {"name": "x", "types": [{"type": "a"}, {"type": "a"}]}                            | invalid-request
            workers                     | {"name": "x", "types": [{"type": "csv_import"}]}                                  | state-conflict
            workers                     | {"name": "x", "types": [{"type": "a"}], "lease_seconds": 0.1}                     | input-invalid
            workers                     | {"name": "x", "types": [{"type": "a", "input_schema": {"type": "string"}}]}       | invalid-request
            workers                     | {"name": "x", "types": [{"type": "a", "input_schema": {"type": "object", "$ref": "http://127.0.0.1/x"}}]} | invalid-request
            workers                     | {"name": "x", "types": [{"type": "a", "retry": {"kind": "never"}}]}               | invalid-request
            workers                     | not json                                                                          | malformed-json
            workers/7:claim             | {}                                                                                | invalid-request
            workers/00000000-0000-0000-0000-00000000002a:claim | {}                                                         | worker-lost
            workers/00000000-0000-0000-0000-00000000002a:claim | {"max": 0}                                                 | input-invalid
            operations/%s/run:report    | {}                                                                                | input-invalid
            operations/%s/run:report    | {"run_id": "1-1-1-1-1"}                                                           | input-invalid
            operations/%s/run:report    | {"run_id": "%s", "progress": 101}                                                 | input-invalid
            operations/%s/run:report    | {"run_id": "%s", "progress": 5, "current": 1, "total": 2}                         | invalid-request
            operations/%s/run:report    | {"run_id": "%s", "current": 3, "total": 2}                                        | invalid-request
            operations/%s/run:report    | {"run_id": "%s", "message": 7}                                                    | input-invalid
            operations/%s/run:log       | {"run_id": "%s", "lines": [{"message": "x", "level": "loud"}]}                    | invalid-request
            operations/%s/run:step      | {"run_id": "%s", "name": ""}                                                      | input-invalid
            operations/%s/run:step      | {"run_id": "%s", "name": "a\\u0000b"}                                             | invalid-request
            operations/%s/run:sleep     | {"run_id": "%s", "name": "x", "seconds": -1}                                      | input-invalid
            operations/%s/run:ask       | {"run_id": "%s", "name": "x", "kind": "shout", "action": "?"}                     | invalid-request
            operations/%s/run:submit    | {"run_id": "%s", "name": "x", "children": [{"type": "sql_backfill"}]}             | input-invalid
            operations/%s/run:await     | {"run_id": "%s", "children": ["%s"]}                                              | invalid-request
            operations/%s/run:fail      | {"run_id": "%s"}                                                                  | input-invalid
            operations/%s/run:complete  | {"run_id": "00000000-0000-0000-0000-00000000002a"}                                | run-lost
            operations/00000000-0000-0000-0000-00000000002a/run:complete | {"run_id": "00000000-0000-0000-0000-00000000002a"} | no-such-operation
            operations:track            | {}                                                                                | input-invalid
            operations:track            | {"type": "x", "heartbeat_timeout_seconds": 0}                                     | input-invalid
            operations:track            | {"type": "x", "deadline": "-999999999-01-01T00:00:00Z"}                           | input-invalid
            """)
    void badInputIsRefusedAndChangesNothing(String path, String body, String code) throws Exception {
        var worker = register(Map.of());
        submit();
        var run = claim(worker, 1, 5).getFirst();
        var before = find(OperationId.parse(run.id()));

        var answer = http.send("POST", "/api/v1/" + path.replace("%s", run.id()), body.replace("%s", run.runId()));

        assertThat(answer.code()).as(answer.body().toString()).isEqualTo(code);
        assertThat(answer.body().toString()).doesNotContain("java").doesNotContain("dev.longhaul");
        assertThat(find(before.id()).version()).isEqualTo(before.version());
    }
}
