package dev.longhaul.bench.chaos.load;

import dev.longhaul.bench.chaos.journal.Entry.Answered;
import dev.longhaul.bench.chaos.journal.Entry.Cancelled;
import dev.longhaul.bench.chaos.journal.Entry.Retried;
import dev.longhaul.bench.chaos.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Cancels some of the newest operations, retries some of those that were cancelled, and answers input requests.
final class Changes {

    private static final int REMEMBERED = 40;

    private final Api api;
    private final Journal journal;
    private final List<String> newest = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();

    Changes(Api api, Journal journal) {
        this.api = api;
        this.journal = journal;
    }

    synchronized void submitted(String id) {
        newest.add(id);
        if (newest.size() > REMEMBERED) {
            newest.removeFirst();
        }
    }

    private synchronized String taken(List<String> ids, Random random) {
        return ids.isEmpty() ? "" : ids.remove(random.nextInt(ids.size()));
    }

    void cancelOne(Random random) throws InterruptedException {
        var id = taken(newest, random);
        if (!id.isEmpty()) {
            var answer = api.accepted("POST", "/api/v1/operations/" + id + ":cancel", "{\"reason\": \"chaos\"}", null);
            if (answer != null) {
                var status = answer.path("status").asText();
                journal.add(new Cancelled(id, List.of("completed", "failed").contains(status)));
                synchronized (this) {
                    cancelled.add(id);
                }
            }
        }
    }

    void retryOne(Random random) throws InterruptedException {
        var id = taken(cancelled, random);
        if (!id.isEmpty()) {
            var answer = api.insist("POST", "/api/v1/operations/" + id + ":retry", "{\"reason\": \"chaos\"}", null);
            // refused: it completed; still to be cancelled: it has not stopped yet, and nothing was changed
            if (answer != null && answer.isGood() && !answer.body().path("cancel_requested_at").isTextual()) {
                journal.add(new Retried(id));
            }
        }
    }

    /// Some approve, some do not.
    void answer(Random random) throws InterruptedException {
        var page = api.accepted("GET", "/api/v1/operations?filter=waits_for:answer&page_size=50&fields=operation_id",
                "", null);
        if (page == null) {
            return;
        }
        for (var operation : page.get("operations")) {
            var id = operation.get("operation_id").asText();
            var isApproved = random.nextInt(4) > 0;
            var answer = api.insist("POST", "/api/v1/operations/" + id + ":provideInput",
                    "{\"answer\": {\"approved\": " + isApproved + "}}", null);
            if (answer != null && answer.isGood()) {   // refused: it was cancelled, or answered by a lost answer
                journal.add(new Answered(id, isApproved));
            }
        }
    }
}
