package dev.longhaul.bench.engine;

import dev.longhaul.bench.Service;
import java.time.Duration;
import java.util.List;

/// The service, with history and NOTIFY as always.
final class LonghaulItself extends Contestant {

    private final Service service;

    LonghaulItself(Service service, List<String> settings) throws Exception {
        super("Longhaul", String.join(" ", settings), service.database().service(), """
                not exists (select from operation where status = 'pending' and not delayed)
                and not exists (select from operation where status = 'running')""");
        this.service = service;
    }

    @Override
    void submit(int count) throws Exception {
        service.post("/bench/run?count=" + count);
    }

    /// Returns at the last submission, for where other nodes run them too.
    void submitOnly(int count) throws Exception {
        service.post("/bench/submit?batch=1000&count=" + count);
    }

    @Override
    Duration cpu() {
        return service.cpu();
    }
}
