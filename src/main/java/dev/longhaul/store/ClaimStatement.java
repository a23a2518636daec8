package dev.longhaul.store;

import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.ClaimRequest;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.RunStore.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Claims the next operations for workers with free slots.
record ClaimStatement(OperationMapper rows) {

    // `materialized`: without it the planner may run the limited select once per row or per slot allocation. Each
    // execution would then skip the rows claimed before: of 2,000 operations that 20 workers wanted, half were not
    // claimed. Only a claim that holds the row of a limited queue (`counted`) may claim from it, so that two nodes do
    // not both take its last slot. `running_in` is a function, so that a claim does not open all partitions again for a
    // count that few queues need. Several workers may claim from one queue key: the select reads it once for all of
    // them. `seat` assigns the rows to workers by their numbers within the queue key.
    private static final String CLAIM = """
            with ready as materialized (
                select ready.id, want.place, ready.number
                from unnest(?::text[], ?::text[], ?::int[], ?::boolean[]) with ordinality as want (claim_group,
                    queue, slots, counted, place)
                left join queue q on q.name = want.queue
                cross join lateral (
                    select id, row_number() over () as number
                    from (select id from operation
                          where claim_group = want.claim_group and queue = want.queue and status = 'pending'
                              and not delayed
                            and (want.claim_group <> '' or ?::text[] is null or type = any(?::text[]))
                          order by priority desc, run_at, id
                          limit case when q.max_running is null then want.slots
                                     when not want.counted then 0
                                     else least(want.slots, greatest(0, q.max_running - running_in(want.queue))) end
                          for update skip locked) as first) as ready
                where queue_is_open(want.queue)),
            next as materialized (
                select ready.id, seat.worker, seat.name, seat.via
                from unnest(?::int[], ?::int[], ?::int[], ?::uuid[], ?::text[], ?::text[]) as seat (place, first,
                    last, worker, name, via)
                join ready on ready.place = seat.place and ready.number between seat.first and seat.last
                where exists (select from worker where id = seat.worker and status = 'alive'))
            update operation o set
                status = 'running', run_id = gen_random_uuid(), worker_id = next.worker,
                attempt = o.attempt + (not o.continues_attempt)::int, continues_attempt = false, error = null, reason
                    = null,
                started_at = coalesce(o.started_at, now()), attempt_started_at = case when o.continues_attempt
                    then o.attempt_started_at else now() end,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = next.name, source = next.via
            from next where o.id = next.id and o.status = 'pending'
            returning o.*, now() as read_at
            """;

    /// @param held  wanted queues whose rows are locked
    /// @param types types that may be claimed in the claim group of nodes; null: all
    void execute(Connection connection, List<ClaimRequest> requests, Set<String> held, @Nullable Set<String> types,
            WriteResult result) throws SQLException {
        try (var statement = connection.prepareStatement(CLAIM)) {
            bind(new StatementParameters(statement), requests, held, types);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    result.claims().add(new Claim(rows.mapRow(row, 0), row.getObject("run_id", UUID.class),
                            row.getObject("worker_id", UUID.class)));
                }
            }
        }
    }

    /// @param queueKey number of the queue key in the statement, from 1
    /// @param first    number of the worker's first row within the queue key, from 1
    /// @param last     number of its last row
    private record SlotAllocation(int queueKey, int first, int last, Worker worker) {}

    private static void bind(StatementParameters in, List<ClaimRequest> requests, Set<String> held,
            @Nullable Set<String> types) throws SQLException {
        var slots = new LinkedHashMap<QueueKey, Integer>();
        requests.forEach(request -> request.wanted().keySet().forEach(queueKey -> slots.put(queueKey, 0)));
        var queueKeys = List.copyOf(slots.keySet());
        var allocations = new ArrayList<SlotAllocation>();
        for (var request : requests) {
            request.wanted().forEach((queueKey, wanted) -> {
                var before = slots.get(queueKey);
                allocations.add(new SlotAllocation(queueKeys.indexOf(queueKey) + 1, before + 1, before + wanted,
                        request.worker()));
                slots.put(queueKey, before + wanted);
            });
        }
        in.array("text", queueKeys, QueueKey::claimGroup);
        in.array("text", queueKeys, QueueKey::queue);
        in.array("int4", queueKeys, slots::get);
        in.array("bool", queueKeys, queueKey -> held.contains(queueKey.queue()));
        in.texts(types);
        in.texts(types);
        in.array("int4", allocations, SlotAllocation::queueKey);
        in.array("int4", allocations, SlotAllocation::first);
        in.array("int4", allocations, SlotAllocation::last);
        in.array("uuid", allocations, allocation -> allocation.worker.id());
        in.array("text", allocations, allocation -> allocation.worker.name());
        in.array("text", allocations, allocation -> allocation.worker.via());
    }
}
