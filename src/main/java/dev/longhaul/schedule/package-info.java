/// Starts operations by time: by a cron expression in a time zone, at an interval, or once.
///
/// ```
/// Schedules       create, change, pause, delete, trigger; a [Timing] that would never run is refused
/// ScheduleLoop    sleeps until the next run of any schedule, or until a schedule is changed
/// DueScheduleRun  one transaction: locks up to 500 due schedules (skip locked), decides their runs, starts
///                 operations, writes the run log, computes the next run
/// ```
/// Promises:
///   1. Each scheduled run is decided once, by any node: the row of the schedule is locked, and the run log has a
///      unique key on schedule and run time. There is no leader.
///   2. Operations, run log and next run commit together. After a kill at any point, another node repeats the
///      transaction.
///   3. Each local time counts once: a time skipped by daylight saving runs at the end of the gap, a repeated one runs
///      the first time.
///   4. The run log (`scheduled_run`) has every run with its outcome and reason: started, queued, skipped (paused, or
///      an earlier operation is unfinished), missed (no node was working).
///   5. An invalid row, written in SQL, is paused with a reason and blocks no other schedule.
///
/// While the database is unreachable, the loop retries. Runs that fell due meanwhile are missed or caught up, as the
/// schedule's policy says.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "live", "types"})
package dev.longhaul.schedule;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
