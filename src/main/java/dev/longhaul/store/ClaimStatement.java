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

/// The next operations for who has free slots.
record ClaimStatement(OperationMapper rows) {

    // `materialized`: else the planner may run the limited select once per row, or once per seat, and each time it
    // would pass by what this statement claimed before: of 2,000 that 20 workers wanted, half stayed behind. From a
    // queue with a limit only those may claim who hold its row (`counted`), so that two nodes do not both take the last
    // place. `running_in` is a function, so that a claim need not open all partitions once more for a count that hardly
    // any queue asks for. Several workers may want of one place: it is asked once for all of them, and `seat` says
    // whose each row is, by its number there.
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

    /// @param held  the wanted queues whose rows are locked
    /// @param types what may be claimed in the claim group of nodes; null: anything
    void execute(Connection connection, List<ClaimRequest> turns, Set<String> held, @Nullable Set<String> types,
            WriteResult carried) throws SQLException {
        try (var statement = connection.prepareStatement(CLAIM)) {
            bind(new StatementParameters(statement), turns, held, types);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    carried.claims().add(new Claim(rows.mapRow(row, 0), row.getObject("run_id", UUID.class),
                            row.getObject("worker_id", UUID.class)));
                }
            }
        }
    }

    /// @param first and `last`: whose the rows of these numbers are
    private record SlotAllocation(int place, int first, int last, Worker worker) {}

    private static void bind(StatementParameters in, List<ClaimRequest> turns, Set<String> held,
            @Nullable Set<String> types) throws SQLException {
        var slots = new LinkedHashMap<QueueKey, Integer>();
        turns.forEach(turn -> turn.wanted().keySet().forEach(place -> slots.put(place, 0)));
        var places = List.copyOf(slots.keySet());
        var seats = new ArrayList<SlotAllocation>();
        for (var turn : turns) {
            turn.wanted().forEach((place, wanted) -> {
                var before = slots.get(place);
                seats.add(new SlotAllocation(places.indexOf(place) + 1, before + 1, before + wanted, turn.worker()));
                slots.put(place, before + wanted);
            });
        }
        in.array("text", places, QueueKey::claimGroup);
        in.array("text", places, QueueKey::queue);
        in.array("int4", places, slots::get);
        in.array("bool", places, place -> held.contains(place.queue()));
        in.texts(types);
        in.texts(types);
        in.array("int4", seats, SlotAllocation::place);
        in.array("int4", seats, SlotAllocation::first);
        in.array("int4", seats, SlotAllocation::last);
        in.array("uuid", seats, seat -> seat.worker.id());
        in.array("text", seats, seat -> seat.worker.name());
        in.array("text", seats, seat -> seat.worker.via());
    }
}
