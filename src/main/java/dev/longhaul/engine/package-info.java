/// Runs operations: claims them, keeps their lease, carries their progress, records their end, and drains.
///
/// Seven loops, none of which waits for another:
///
/// | loop | every | does |
/// |---|---|---|
/// | [RunWriter] | as soon as there is [WriteQueue] | one commit: all reports, steps and ends of the node's runs, and the next claims |
/// | [LeaseHeartbeat] | 2 s | renews the one lease of the node; while it has runs, compares them with the database's view of them |
/// | [MaintenanceLoop] | 1 s or when something is due | takes back what lost workers held, wakes what is due, fails what is late, notices ready queues, sums up the counters; hourly: partitions for a week ahead, old idempotency keys and starts |
/// | [WaitResolver] | when a child ends, and every 30 s | lets operations go on that waited for their children or an answer; sums up the progress of parents |
/// | [ConcurrencyDispatcher] | when somebody lines up for a concurrency key or leaves a place, when a rate allows, and every 10 s | lets as many of the key be claimed as it has places |
/// | [Timers] | on demand | timeouts and grace times of single runs |
/// | one virtual thread per [Run] | - | the task itself |
///
/// A queue that people paused gives nothing. One with a limit on all nodes together gives only to the carrier that
/// holds its row, so that two nodes do not both take the last place; without limits nothing is locked. An operation
/// with a concurrency key cannot be claimed until it has its turn: the migration `V7__turns.sql` tells how; the claim
/// knows nothing of it.
///
/// When something breaks:
/// - *the process dies*: its lease runs out (15 s), or its successor on the same host and port declares it lost; its
///   operations are pending again and go on from their last finished step.
/// - *the database is away*: ends and reports stay with the carrier and are tried again. A node that could not renew
///   its lease in time stops its tasks before another may start them.
/// - *the node is frozen past its lease*: others took over; every write of its runs names a `run_id` that no row has
///   any more, so it is void.
/// - *a row cannot be written* (locked by somebody, or refused): the batch is taken apart and only that row waits or
///   fails.
/// - *SIGTERM*: no more claims; a task leaves at its next step or sleep, or ends within the grace time; what is left is
///   released, not failed.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live", "types"})
package dev.longhaul.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
