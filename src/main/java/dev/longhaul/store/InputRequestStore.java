package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.OperationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Input requests of tasks. A trigger signs an answer and continues the operation in the same statement.
@Repository
public class InputRequestStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    InputRequestStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    private static final String ASK = """
            with run as (
                select id from operation where id = :id and run_id = :runId and status = 'running' for update)
            insert into input_request (operation_id, name, kind, action, data, options, schema, risk, expires_at,
                fallback)
            select id, :name, :kind, :action, :data::jsonb, :options::text[], :schema::jsonb, :risk, now()
                + :patience::interval, :fallback::jsonb
            from run
            on conflict do nothing
            """;

    /// Creates the input request once per operation: an existing request of an earlier attempt stays unchanged.
    ///
    /// @param asked input request; `askedAt`, `answerBy` and `answer` are ignored, the database sets the times
    /// @throws LeaseLost if the run is no longer the operation's run
    public InputRequest ask(OperationId id, UUID runId, InputRequest asked, @Nullable Duration patience) {
        jdbc.sql(ASK).param("id", id.value()).param("runId", runId).param("name", asked.name())
                .param("kind", asked.kind().word())
                .param("action", asked.action()).param("data", text(asked.data()))
                .param("options", asked.options() == null ? null : asked.options().toArray(String[]::new))
                .param("schema", text(asked.schema())).param("risk", asked.risk() == null ? null : asked.risk().word())
                .param("patience", patience == null ? null : patience.toString())
                        .param("fallback", text(asked.fallback())).update();
        return find(id, asked.name()).orElseThrow(() -> new LeaseLost(id));
    }

    private static final String FIND = "select * from input_request where operation_id = :id and name = :name";

    public Optional<InputRequest> find(OperationId id, String name) {
        return jdbc.sql(FIND).param("id", id.value()).param("name", name).query((row, _) -> question(row)).optional();
    }

    private static final String OF =
            "select * from input_request where operation_id = :id order by requested_at, name";

    /// All input requests of an operation, answered ones included.
    public List<InputRequest> of(OperationId id) {
        return jdbc.sql(OF).param("id", id.value()).query((row, _) -> question(row)).list();
    }

    private static final String ANSWER = """
            update input_request set answer = :answer::jsonb, answered_by = :by, answer_source = :via
            where operation_id = :id and name = :name and answered_at is null
              and exists (select from operation where id = :id and status in ('pending', 'waiting', 'running'))
            returning *
            """;

    /// Keeps the first answer. Empty: there is no such input request, it is answered, or its operation has finished.
    public Optional<InputRequest> answer(OperationId id, String name, JsonNode answer, Caller caller) {
        return jdbc.sql(ANSWER).param("id", id.value()).param("name", name).param("answer", text(answer))
                .param("by", caller.name()).param("via", caller.source()).query((row, _) -> question(row)).optional();
    }

    private InputRequest question(ResultSet row) throws SQLException {
        var options = row.getArray("options");
        var risk = row.getString("risk");
        return new InputRequest(row.getString("name"),
                InputRequest.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)), row.getString("action"),
                tree(row.getString("data")), options == null ? null : List.of((String[]) options.getArray()),
                json.readTree(row.getString("schema")),
                risk == null ? null : InputRequest.Risk.valueOf(risk.toUpperCase(Locale.ROOT)),
                instant(row, "requested_at"),
                row.getObject("expires_at") == null ? null : instant(row, "expires_at"), tree(row.getString("fallback")),
                row.getString("answer") == null ? null
                        : new InputRequest.Answer(json.readTree(row.getString("answer")), instant(row, "answered_at"),
                        row.getString("answered_by"), row.getString("answer_source")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private @Nullable JsonNode tree(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }

    private @Nullable String text(@Nullable JsonNode value) {
        return value == null ? null : json.writeValueAsString(value);
    }
}
