package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.journal.Entry.Acknowledged;
import dev.longhaul.bench.chaos.journal.Entry.Answered;
import dev.longhaul.bench.chaos.journal.Entry.Cancelled;
import dev.longhaul.bench.chaos.journal.Entry.Claimed;
import dev.longhaul.bench.chaos.journal.Entry.Retried;
import dev.longhaul.bench.chaos.journal.Entry.RunEnded;
import dev.longhaul.bench.chaos.journal.Entry.StepStored;
import dev.longhaul.bench.chaos.judge.Check.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// What clients were promised by an answer.
final class AcknowledgementChecks {

    static final String SUBMISSIONS = "an acknowledged submission is never lost";
    static final String KEYS = "an idempotency key makes one operation, and repeats get its id";
    static final String CHANGES = "an acknowledged cancel, retry or answer is never lost";
    static final String RUNS = "an acknowledged step or end of a remote worker is never lost";
    static final String CLAIMS = "a claim brings all steps that were acknowledged before it";

    static final List<Check> ALL = List.of(new Check(SUBMISSIONS, AcknowledgementChecks::submissions),
            new Check(KEYS, AcknowledgementChecks::keys), new Check(CHANGES, AcknowledgementChecks::changes),
            new Check(RUNS, AcknowledgementChecks::runs), new Check(CLAIMS, AcknowledgementChecks::claims));

    private AcknowledgementChecks() {
    }

    /// A column of the entries, as a parameter.
    private static <T> String[] column(List<T> entries, Function<T, String> value) {
        return entries.stream().map(value).toArray(String[]::new);
    }

    private static final String LOST = """
            select 'operation ' || a.id || ' of ' || a.key || ' is not there' from unnest(?, ?) as a (id, key)
            where not exists (select from operation o where o.id = a.id::uuid)
            """;

    private static Finding submissions(Evidence evidence) throws SQLException {
        var all = evidence.entries(Acknowledged.class).toList();
        return Finding.of(all.size(), evidence.texts(LOST, column(all, Acknowledged::id),
                column(all, Acknowledged::key)));
    }

    private static final String TWICE = """
            select 'key ' || (metadata ->> 'key') || ' has ' || count(*) || ' operations' from operation
            where metadata ->> 'key' is not null group by metadata ->> 'key' having count(*) > 1
            """;
    private static final String OTHER = """
            select 'key ' || k.key || ' was answered with ' || a.id || ' and is stored with ' || k.operation_id
            from unnest(?, ?) as a (id, key) join idempotency_key k on k.key = split_part(a.key, '#', 1)
            where a.id::uuid <> all (coalesce(k.operation_ids, array[k.operation_id]))
            """;

    private static Finding keys(Evidence evidence) throws SQLException {
        var all = evidence.entries(Acknowledged.class).toList();
        var ids = new TreeMap<String, Set<String>>();
        all.forEach(one -> ids.computeIfAbsent(one.key(), _ -> new TreeSet<>()).add(one.id()));
        var violations = new ArrayList<>(evidence.texts(TWICE));
        violations.addAll(evidence.texts(OTHER, column(all, Acknowledged::id), column(all, Acknowledged::key)));
        ids.forEach((key, answers) -> {
            if (answers.size() > 1) {
                violations.add("key " + key + " was answered with " + answers);
            }
        });
        return Finding.of(ids.size(), violations);
    }

    private static final String NOT_CANCELLED = """
            select 'the cancel of ' || a.id || ' is not in its history' from unnest(?) as a (id)
            where not exists (select from operation_history h where h.operation_id = a.id::uuid
                              and (h.event = 'cancel_requested' or h.to_status = 'cancelled'))
            """;
    private static final String NOT_RETRIED = """
            select 'the retry of ' || a.id || ' is not in its history' from unnest(?) as a (id)
            where not exists (select from operation_history h where h.operation_id = a.id::uuid
                              and h.from_status in ('failed', 'cancelled') and h.to_status = 'pending')
            """;
    private static final String NOT_ANSWERED = """
            select 'the answer to ' || a.id || ' is ' || coalesce(r.answer::text, 'not there') || ', not '
                   || a.approved
            from unnest(?, ?) as a (id, approved) left join input_request r on r.operation_id = a.id::uuid
            where r.answer ->> 'approved' is distinct from a.approved
            """;

    private static Finding changes(Evidence evidence) throws SQLException {
        var cancelled = evidence.entries(Cancelled.class).filter(one -> !one.isOver()).toList();
        var retried = evidence.entries(Retried.class).toList();
        var answered = evidence.entries(Answered.class).toList();
        return Finding.of(cancelled.size() + retried.size() + answered.size(), Stream.of(
                evidence.texts(NOT_CANCELLED, (Object) column(cancelled, Cancelled::id)),
                evidence.texts(NOT_RETRIED, (Object) column(retried, Retried::id)),
                evidence.texts(NOT_ANSWERED, column(answered, Answered::id),
                        column(answered, one -> String.valueOf(one.approved())))).flatMap(List::stream).toList());
    }

    private static final String NO_STEP = """
            select 'step ' || a.name || ' of ' || a.id || ' is ' || coalesce(s.result::text, 'not there') || ', not '
                   || a.result
            from unnest(?, ?, ?) as a (id, name, result)
            left join operation_step s on s.operation_id = a.id::uuid and s.name = a.name
            where s.result #>> '{}' is distinct from a.result
            """;
    private static final String NO_END = """
            select 'the ' || a.verb || ' of run ' || a.run || ' of ' || a.id || ' is not in its history'
            from unnest(?, ?, ?) as a (id, run, verb)
            where not exists (
                select from operation_history h
                where h.operation_id = a.id::uuid and h.run_id = a.run::uuid and h.from_status = 'running'
                  and case a.verb when 'complete' then h.to_status = 'completed'
                                  when 'fail' then h.to_status in ('pending', 'failed', 'cancelled')
                                  else h.to_status in ('pending', 'cancelled') end)
            """;

    private static Finding runs(Evidence evidence) throws SQLException {
        var steps = evidence.entries(StepStored.class).toList();
        var ends = evidence.entries(RunEnded.class).toList();
        return Finding.of(steps.size() + ends.size(), Stream.concat(
                evidence.texts(NO_STEP, column(steps, StepStored::id), column(steps, StepStored::name),
                        column(steps, StepStored::result)).stream(),
                evidence.texts(NO_END, column(ends, RunEnded::id), column(ends, RunEnded::runId),
                        column(ends, RunEnded::end)).stream()).toList());
    }

    private static Finding claims(Evidence evidence) {
        var stored = new HashMap<String, Map<String, Long>>();   // when each step was acknowledged first
        evidence.entries(StepStored.class).forEach(step -> stored.computeIfAbsent(step.id(), _ -> new HashMap<>())
                .merge(step.name(), step.at(), Math::min));
        var violations = new ArrayList<String>();
        var cases = 0L;
        for (var claim : evidence.entries(Claimed.class).toList()) {
            var expected = new HashSet<String>();
            stored.getOrDefault(claim.id(), Map.of()).forEach((name, at) -> {
                if (at < claim.asked()) {
                    expected.add(name);
                }
            });
            cases += expected.size();
            expected.removeAll(claim.steps());
            if (!expected.isEmpty()) {
                violations.add("run " + claim.runId() + " of " + claim.id() + " was not told of " + expected);
            }
        }
        return Finding.of(cases, violations);
    }
}
