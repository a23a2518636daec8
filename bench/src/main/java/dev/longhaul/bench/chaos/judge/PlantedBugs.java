package dev.longhaul.bench.chaos.judge;

import static dev.longhaul.bench.chaos.judge.PlantedBug.in;

import java.util.List;
import java.util.stream.Stream;

/// All planted bugs; those in the tables are here.
final class PlantedBugs {

    private static final String ONE_COMPLETED = "(select id from operation where type = 'simulation' and status = "
            + "'completed' and history_seq >= 3 and metadata ->> 'key' is not null order by id limit 1)";
    private static final String TWO_RUNS = "(select operation_id from operation_history where event = 'status' and "
            + "to_status = 'running' group by operation_id having count(*) > 1 order by 1 limit 1)";
    private static final String STARTED = "(select operation_id from scheduled_run where outcome = 'started' order by "
            + "scheduled_at offset 2 limit 1)";
    private static final String FAN_OUT = "(select id from operation where fan_out_index = 2 order by id limit 1)";

    /// The columns of a history entry that a copy keeps.
    private static final String COPY = "insert into operation_history select operation_id, at + interval '1 ms', "
            + "version + 1, txid, seq + 1, attempt, progress, event, to_status, to_status, changed_by, recorded_by, "
            + "source, reason, message, worker_id, run_id, task_version, error, changes, digest, texts_digest "
            + "from operation_history h where ";

    private static final List<PlantedBug> OF_OPERATIONS = List.of(
            in(AcknowledgementChecks.SUBMISSIONS, "it lost an operation",
                    "delete from operation where id = " + ONE_COMPLETED),
            in(AcknowledgementChecks.KEYS, "it made two operations of one key",
                    "update operation set metadata = (select metadata from operation where id = " + ONE_COMPLETED
                    + ") where id = (select max(id::text)::uuid from operation where metadata ->> 'key' is not null)"),
            in(AcknowledgementChecks.KEYS, "it stored the key with another operation",
                    "update idempotency_key set operation_id = gen_random_uuid() where operation_ids is null"),
            in(AcknowledgementChecks.KEYS, "it stored the key of a batch with other operations",
                    "update idempotency_key set operation_ids = operation_ids[2:] where operation_ids is not null"),
            in(AcknowledgementChecks.CHANGES, "it lost an answer", "update input_request set answer = null"),
            in(AcknowledgementChecks.CHANGES, "it lost a cancel", "update operation_history set event = 'edited', "
                    + "to_status = 'running' where event = 'cancel_requested' or to_status = 'cancelled'"),
            in(AcknowledgementChecks.RUNS, "it lost a step of a remote worker",
                    "delete from operation_step where name = 'part-1'"),
            in(AcknowledgementChecks.RUNS, "it lost an end of a remote worker",
                    "update operation_history set run_id = gen_random_uuid() where to_status = 'completed'"),
            in(HistoryChecks.ENDS, "it ended an operation twice", COPY + "operation_id = " + ONE_COMPLETED
                    + " and to_status = 'completed'"),
            in(HistoryChecks.ENDS, "it ran a failed operation again by itself", "update operation_history set source "
                    + "= 'engine' where from_status = 'cancelled' and to_status = 'pending'"),
            in(HistoryChecks.SEQUENCE, "it left a gap in a history",
                    "delete from operation_history where seq = 2 and operation_id = " + ONE_COMPLETED),
            in(HistoryChecks.SEQUENCE, "it wrote no history", "delete from operation_history where operation_id = "
                    + ONE_COMPLETED),
            in(HistoryChecks.CHAIN, "it skipped a status", "update operation_history set from_status = 'waiting' "
                    + "where to_status = 'completed' and operation_id = " + ONE_COMPLETED),
            in(HistoryChecks.CHAIN, "it repeated a version", "update operation_history set version = 1 where seq = 2 "
                    + "and operation_id = " + ONE_COMPLETED),
            in(HistoryChecks.MOVES, "it completed a pending operation", "update operation_history set from_status = "
                    + "'pending' where to_status = 'completed' and operation_id = " + ONE_COMPLETED),
            in(HistoryChecks.FOLD, "its row differs from its history",
                    "update operation set status = 'failed' where id = " + ONE_COMPLETED),
            in(HistoryChecks.HASHES, "it changed an entry afterwards",
                    "update operation_history set reason = 'another' where seq = 2 and operation_id = "
                    + ONE_COMPLETED),
            in(EndChecks.LEFT, "it left an operation running", "update operation set status = 'running', finished_at "
                    + "= null where id = " + ONE_COMPLETED),
            in(EndChecks.COUNTS, "it counted an operation twice", "update operation_count set number = number + 1 "
                    + "where status = 'completed' and type = 'simulation'"));

    private static final List<PlantedBug> OF_RUNS = List.of(
            in(RunChecks.FENCING, "it took a late write of a run", """
                    update operation_history h set run_id = (
                        select run_id from operation_history f where f.operation_id = h.operation_id
                        and f.to_status = 'running' order by seq limit 1)
                    where operation_id = %s and seq = (select max(seq) from operation_history m
                        where m.operation_id = h.operation_id and m.run_id is not null)
                    """.formatted(TWO_RUNS)),
            in(RunChecks.CLAIMS, "two runs of an operation overlapped", "update operation_history set from_status = "
                    + "'running' where to_status = 'running' and attempt > 1"),
            in(RunChecks.CLAIMS, "it gave one token to two runs", "update operation_history h set run_id = (select "
                    + "run_id from operation_history f where f.operation_id = h.operation_id and f.to_status = "
                    + "'running' order by seq limit 1) where to_status = 'running' and operation_id = " + TWO_RUNS),
            in(RunChecks.STEPS, "it stored a step twice", "insert into operation_step select * from operation_step "
                    + "where name = 'step-1' and operation_id = " + ONE_COMPLETED),
            in(RunChecks.STEPS, "it stored a step of an attempt that had been replaced", """
                    update operation_step s set finished_at = now()
                    from operation_history h
                    where h.operation_id = s.operation_id and h.to_status = 'running' and h.attempt > s.attempt
                    """),
            in(RunChecks.ALL_STEPS, "it left out a step", "delete from operation_step where name = 'step-2' and "
                    + "operation_id = " + ONE_COMPLETED),
            in(RunChecks.PROGRESS, "progress fell", "update operation_history set progress = 0 where to_status = "
                    + "'waiting' or event = 'progress' and seq > 3"),
            in(RunChecks.PROGRESS, "progress was above 100", "update operation set progress = 100.5 where id = "
                    + ONE_COMPLETED),
            in(RunChecks.LIMIT, "it gave three slots of two", "update operation set concurrency_limit = 0 where "
                    + "concurrency_key is not null"));

    private static final List<PlantedBug> OF_GRAPHS_AND_SCHEDULES = List.of(
            in(ScheduleChecks.EVERY, "it missed a scheduled run", "delete from scheduled_run where operation_id = "
                    + STARTED),
            in(ScheduleChecks.EVERY, "it decided a scheduled run twice", "insert into scheduled_run select * from "
                    + "scheduled_run where operation_id = " + STARTED),
            in(ScheduleChecks.EVERY, "it ran a schedule between its times", "update scheduled_run set scheduled_at = "
                    + "scheduled_at + interval '0.5 s' where operation_id = " + STARTED),
            in(ScheduleChecks.OPERATIONS, "it started two operations of one scheduled run", """
                    update operation set schedule_id = (select schedule_id from scheduled_run limit 1)
                    where id = """ + ONE_COMPLETED),
            in(ScheduleChecks.OPERATIONS, "it started a scheduled run without an operation",
                    "update scheduled_run set operation_id = gen_random_uuid() where operation_id = " + STARTED),
            in(WorkflowChecks.DEPENDENCIES, "it started a node too early", "update operation_history set at = at - "
                    + "interval '1 hour' where seq = 1 and operation_id = " + FAN_OUT),
            in(WorkflowChecks.CONDITIONS, "it ran a node behind a failed one", "update workflow_node set status = "
                    + "'failed' where name = 'a'"),
            in(WorkflowChecks.FAN_OUT, "it ran an element twice", "update operation set fan_out_index = 1 where id = "
                    + FAN_OUT),
            in(WorkflowChecks.FAN_OUT, "it counted an operation of a node twice", "update workflow_node set finished "
                    + "= finished + 1 where name = 'b'"),
            in(WorkflowChecks.ENDS, "it ended a workflow before its last node", "update workflow_node set status = "
                    + "'running' where name = 'f'"));

    static final List<PlantedBug> ALL = Stream.of(OF_OPERATIONS, OF_RUNS, OF_GRAPHS_AND_SCHEDULES,
            PlantedTales.ALL).flatMap(List::stream).toList();

    private PlantedBugs() {
    }
}
