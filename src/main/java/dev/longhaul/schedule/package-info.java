/// Starts operations by the clock: by a cron line with its zone, at an interval, or once.
///
/// ```
/// Schedules   create, change, pause, delete, trigger: what people ask for; [Timing] says when, and is refused if it never would be
/// Clock       sleeps until the earliest moment of all schedules, or until one is changed
/// Round       one transaction: locks up to 500 due schedules (skip locked), decides each moment, starts operations, logs, moves on
/// ```
/// Promises:
///   1. A moment of a schedule is decided once, by whichever node comes first: the schedule's row is locked meanwhile,
///      and the log has a moment only once. There is no leader to lose.
///   2. Operations, log and the next moment commit together. A node killed at any point leaves either all of it or
///      nothing, and then another does it.
///   3. Each moment of the wall clock counts once: one that a zone skips is due when the clock goes on, one that comes
///      twice is due the first time.
///   4. Whatever becomes of a moment is in `scheduled_run` with its reason: started, queued, skipped (paused, an older
///      one runs), missed (no node was at work).
///
/// When the database is away, the clock tries again; moments that passed meanwhile are missed or made up for, as the
/// schedule says.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "live", "types"})
package dev.longhaul.schedule;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
