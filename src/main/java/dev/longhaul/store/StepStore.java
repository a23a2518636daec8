package dev.longhaul.store;

import dev.longhaul.operation.OperationId;
import dev.longhaul.task.StepTransaction;
import dev.longhaul.task.TransactionalWork;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finished steps of operations. [RunStore#write] writes plain steps, with the node's other run updates.
@Repository
public class StepStore {

    private final JdbcClient jdbc;
    private final DataSource dataSource;
    private final StepTransactions own;
    private final StepTransactions ofApplication;
    private final JsonMapper json;

    StepStore(JdbcClient jdbc, DataSource dataSource, ObjectProvider<StepTransactions> transactions,
            TransactionTemplate template, JsonMapper json) {
        this.jdbc = jdbc;
        this.dataSource = dataSource;
        this.own = new OwnTransactions(dataSource, template);
        this.ofApplication = transactions.getIfAvailable(() -> own);
        this.json = json;
    }

    private record OwnTransactions(DataSource dataSource, TransactionTemplate template) implements StepTransactions {

        @Override
        public <T extends @Nullable Object> T execute(TransactionCallback<T> work) {
            return template.execute(work);
        }

        @Override
        public <T extends @Nullable Object> T join(DataSource longhaul, Supplier<T> statements) {
            return statements.get();
        }
    }

    private static final String FINISHED = "select name, result from operation_step where operation_id = :id";

    /// Steps that earlier attempts finished, by name. A step without a result has a JSON null.
    public Map<String, JsonNode> finished(OperationId id) {
        var steps = new HashMap<String, JsonNode>();
        jdbc.sql(FINISHED).param("id", id.value()).query(row -> {
            var result = row.getString("result");
            steps.put(row.getString("name"), result == null ? json.getNodeFactory().nullNode() : json.readTree(result));
        });
        return steps;
    }

    private static final String FINISHED_OF_MANY =
            "select operation_id, name, result from operation_step where operation_id = any(:ids::uuid[])";

    /// Finished steps of several operations. Operations without steps are missing.
    public Map<OperationId, Map<String, JsonNode>> finished(Collection<OperationId> ids) {
        var steps = new HashMap<OperationId, Map<String, JsonNode>>();
        jdbc.sql(FINISHED_OF_MANY).param("ids", ids.stream().map(OperationId::toString).toArray(String[]::new))
                .query(row -> {
            var result = row.getString("result");
            steps.computeIfAbsent(new OperationId(row.getObject("operation_id", UUID.class)), _ -> new HashMap<>())
                    .put(row.getString("name"), result == null
                            ? json.getNodeFactory().nullNode() : json.readTree(result));
        });
        return steps;
    }

    // A new plan of the next statement takes five times as long as its execution.
    private static final String PLANNED_ONCE = "set local plan_cache_mode = force_generic_plan";

    // Locks the row until the commit. A run that lost its lease finds no row.
    private static final String FENCE_AND_FINISH = """
            with run as (select id, attempt from operation where id = :id and run_id = :runId
                and status = 'running' for update)
            insert into operation_step (operation_id, name, result, attempt)
            select id, :name, :result::jsonb, attempt from run
            """;

    /// @param kept function from the result to its stored form, e.g. the encrypted one
    /// @throws LeaseLost if the run is no longer the operation's run; the work is rolled back
    /// @throws Exception exception of the work, unchanged; the work is rolled back
    public <T> @Nullable T transact(OperationId id, UUID runId, String name, TransactionalWork<T> work,
            UnaryOperator<JsonNode> kept) throws Exception {
        return transact(id, runId, name, work, kept, own);
    }

    /// As [#transact], in a transaction of the application that has Longhaul as a library.
    public <T> @Nullable T transactInApplication(OperationId id, UUID runId, String name, TransactionalWork<T> work,
            UnaryOperator<JsonNode> kept) throws Exception {
        return transact(id, runId, name, work, kept, ofApplication);
    }

    private <T> @Nullable T transact(OperationId id, UUID runId, String name, TransactionalWork<T> work,
            UnaryOperator<JsonNode> kept, StepTransactions transactions) throws Exception {
        try {
            return transactions.execute(_ -> {
                var value = done(work, transactions);
                var result = value == null ? null : json.writeValueAsString(kept.apply(json.valueToTree(value)));
                if (transactions.join(dataSource, () -> finish(id, runId, name, result)) == 0) {
                    throw new LeaseLost(id);
                }
                return value;
            });
        } catch (UndeclaredThrowableException wrapped) {
            // The template rolls back on a checked exception, and wraps it.
            throw (Exception) wrapped.getUndeclaredThrowable();
        }
    }

    private int finish(OperationId id, UUID runId, String name, @Nullable String result) {
        jdbc.sql(PLANNED_ONCE).update();
        return jdbc.sql(FENCE_AND_FINISH).param("id", id.value()).param("runId", runId).param("name", name)
                .param("result", result).update();
    }

    private <T> @Nullable T done(TransactionalWork<T> work, StepTransactions transactions) {
        var source = transactions.dataSource();
        var connection = DataSourceUtils.getConnection(source);
        try {
            return work.in(new StepTransaction(source == dataSource ? jdbc : JdbcClient.create(source), connection));
        } catch (Exception thrown) {
            throw StepStore.<RuntimeException>asThrown(thrown);
        } finally {
            DataSourceUtils.releaseConnection(connection, source);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> E asThrown(Exception thrown) throws E {
        throw (E) thrown;
    }
}
