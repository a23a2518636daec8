package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore.Batch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Batches that may be sent again. A key of the whole batch stores all its ids; single operations may have keys too.
@Component
class IdempotentBatches {

    private final JdbcClient jdbc;
    private final BulkInsert bulkInsert;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    IdempotentBatches(JdbcClient jdbc, BulkInsert bulkInsert, TransactionTemplate transaction, JsonMapper json) {
        this.jdbc = jdbc;
        this.bulkInsert = bulkInsert;
        this.transaction = transaction;
        this.json = json;
    }

    /// @throws IdempotencyConflict if a key was used for another request
    Batch submit(List<Submission> submissions, @Nullable String key, Caller caller) {
        if (key == null && submissions.stream().allMatch(submission -> submission.idempotencyKey() == null)) {
            return new Batch(bulkInsert.submit(submissions, null, caller), 0);
        }
        return Objects.requireNonNull(transaction.execute(_ -> {
            var ids = bulkInsert.ids(submissions.size());
            var earlier = key == null ? Optional.<List<OperationId>>empty() : earlier(key, ids, submissions);
            return earlier.map(all -> new Batch(all, all.size())).orElseGet(() -> submitNew(ids, submissions, caller));
        }));
    }

    // A concurrent batch with the same key makes the insert wait for its commit.
    private static final String TAKE = """
            insert into idempotency_key (key, operation_id, operation_ids, request_hash)
                values (:key, :first, :ids::uuid[], :hash) on conflict (namespace, key) do nothing
            """;
    private static final String FIND =
            "select operation_id, operation_ids, request_hash from idempotency_key where key = :key";

    private record Earlier(OperationId first, List<OperationId> all, byte[] hash) {}

    /// Empty: the key is new and now belongs to this batch.
    private Optional<List<OperationId>> earlier(String key, List<OperationId> ids, List<Submission> submissions) {
        var hash = RequestHash.of(submissions, json);
        if (jdbc.sql(TAKE).param("key", key).param("first", ids.getFirst().value()).param("ids", texts(ids.stream()))
                .param("hash", hash).update() == 1) {
            return Optional.empty();
        }
        var found = jdbc.sql(FIND).param("key", key).query((row, _) -> {
            var all = row.getArray("operation_ids");
            return new Earlier(new OperationId(row.getObject("operation_id", UUID.class)),
                    all == null ? List.of() : Arrays.stream((UUID[]) all.getArray()).map(OperationId::new)
                    .toList(), row.getBytes("request_hash"));
        }).single();
        if (!Arrays.equals(found.hash, hash)) {
            throw new IdempotencyConflict(key, found.first);
        }
        return Optional.of(found.all);
    }

    // In the order of keys, so that two batches with the same keys do not deadlock. A repeated key stands for its first
    // operation.
    private static final String TAKE_EACH = """
            insert into idempotency_key (key, operation_id, request_hash)
            select key, id, hash from unnest(:keys::text[], :ids::uuid[],
                :hashes::bytea[]) with ordinality as asked (key, id, hash, place)
            order by key, place
            on conflict (namespace, key) do nothing
            """;
    private static final String FIND_EACH =
            "select key, operation_id, request_hash from idempotency_key where key = any(:keys::text[])";

    private record Taken(OperationId id, byte[] hash) {}

    private Batch submitNew(List<OperationId> ids, List<Submission> submissions, Caller caller) {
        var keyed = IntStream.range(0, ids.size()).filter(n -> submissions.get(n).idempotencyKey() != null).boxed()
                .toList();
        var hashes = new HashMap<Integer, byte[]>();
        keyed.forEach(n -> hashes.put(n, RequestHash.of(submissions.get(n), json)));
        var taken = taken(keyed.stream().map(n -> submissions.get(n).idempotencyKey()).toList(),
                keyed.stream().map(ids::get).toList(), keyed.stream().map(hashes::get).toList());
        var all = IntStream.range(0, ids.size()).mapToObj(n -> {
            var known = taken.get(submissions.get(n).idempotencyKey());
            if (known != null && !Arrays.equals(known.hash, hashes.get(n))) {
                throw new IdempotencyConflict(String.valueOf(submissions.get(n).idempotencyKey()), known.id);
            }
            return known == null ? ids.get(n) : known.id;
        }).toList();
        var added = IntStream.range(0, ids.size()).filter(n -> all.get(n).equals(ids.get(n))).boxed().toList();
        if (!added.isEmpty()) {
            bulkInsert.submitAs(added.stream().map(ids::get).toList(), added.stream().map(submissions::get).toList(),
                    caller);
        }
        return new Batch(all, ids.size() - added.size());
    }

    /// Inserts the keys, and returns each key's operation.
    private Map<String, Taken> taken(List<String> keys, List<OperationId> ids, List<byte[]> hashes) {
        var taken = new HashMap<String, Taken>();
        if (!keys.isEmpty()) {
            jdbc.sql(TAKE_EACH).param("keys", keys.toArray(String[]::new)).param("ids", texts(ids.stream()))
                    .param("hashes", hashes.toArray(byte[][]::new)).update();
            jdbc.sql(FIND_EACH).param("keys", keys.toArray(String[]::new)).query((row, _) ->
                    taken.put(row.getString("key"),
                            new Taken(new OperationId(row.getObject("operation_id", UUID.class)),
                            row.getBytes("request_hash")))).list();
        }
        return taken;
    }

    private static String[] texts(Stream<OperationId> ids) {
        return ids.map(OperationId::toString).toArray(String[]::new);
    }
}
