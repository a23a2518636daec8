package dev.longhaul.bench.engine;

import dev.longhaul.bench.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/// The service, with history and NOTIFY as always.
final class LonghaulService extends Contestant {

    private final Service service;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    LonghaulService(Service service, List<String> settings) throws Exception {
        super("Longhaul", String.join(" ", settings), service.database().service(), """
                not exists (select from operation where status = 'pending' and not delayed)
                and not exists (select from operation where status = 'running')""");
        this.service = service;
    }

    @Override
    void submit(int count) throws Exception {
        service.post("/bench/run?count=" + count);
    }

    @Override
    void submitOne() throws Exception {
        var response = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port()
                + "/api/v1/operations")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\": \"bench_noop\"}")).build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 202) {
            throw new IOException("a submission was answered " + response.statusCode() + " " + response.body());
        }
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
