package dev.longhaul.promises;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One who watches an operation to its end as an EventSource does: whenever its stream ends, it comes back, to the next
/// node, with the last id it was given.
final class StreamFollower implements Callable<StreamFollower> {

    private static final JsonMapper json = new JsonMapper();
    // several heartbeats: a stream that is silent for longer is dead, whatever TCP says
    private static final int PATIENCE = 4_000;

    private final UUID operation;
    private final List<URI> nodes;
    private final CountDownLatch over;
    private final List<Edge> edges = new ArrayList<>();
    private volatile long lastId;
    private volatile int connects;
    private @Nullable JsonNode end;

    /// @param nodes in the order in which it goes to them; after the last it is the first's turn
    /// @param over  comes to 0 when nobody waits for it any more
    StreamFollower(UUID operation, List<URI> nodes, CountDownLatch over) {
        this.operation = operation;
        this.nodes = nodes;
        this.over = over;
    }

    /// What the history must have a row of.
    record Edge(int seq, String event, String toStatus) {}

    @Override
    public StreamFollower call() throws InterruptedException {
        for (var turn = 0; end == null; turn++) {
            try {
                watchAt(nodes.get(turn % nodes.size()));
            } catch (IOException cut) {
                // comes back
            }
            if (end == null && over.await(100, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(this + " has seen no end, only " + edges);
            }
        }
        return this;
    }

    private void watchAt(URI node) throws IOException {
        var parameter = lastId == 0 ? "?last_event_id=0" : "";
        var connection = (HttpURLConnection) node.resolve("/api/v1/operations/" + operation + "/events" + parameter)
                .toURL().openConnection();
        connection.setConnectTimeout(PATIENCE);
        connection.setReadTimeout(PATIENCE);
        connection.setRequestProperty("Accept", "text/event-stream");
        if (lastId > 0) {
            connection.setRequestProperty("Last-Event-ID", String.valueOf(lastId));
        }
        try {
            switch (connection.getResponseCode()) {
                case 200 -> read(new BufferedReader(new InputStreamReader(connection.getInputStream(),
                        StandardCharsets.UTF_8)));
                case 500, 503, -1 -> throw new IOException("not now");   // -1: cut before the status line
                default -> throw new IllegalStateException(this + " was answered " + connection.getResponseCode()
                        + " before it had seen the end");
            }
        } finally {
            connection.disconnect();
        }
    }

    /// An event counts when the blank line after it has come; half of one is nothing.
    private void read(BufferedReader lines) throws IOException {
        connects++;
        String id = null;
        String name = null;
        String data = null;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && data != null) {
                take(Long.parseLong(id), name, json.readTree(data));
                data = null;
            }
        }
    }

    private void take(long id, String name, JsonNode data) {
        if (id <= lastId) {
            throw new IllegalStateException(this + " was told " + name + " " + id + " too late: " + data);
        }
        if (end != null) {
            throw new IllegalStateException(this + " was told " + name + " " + id + " after the end: " + data);
        }
        if (!name.equals("progress")) {
            edges.add(new Edge(data.get("seq").asInt(), data.get("event").asString(),
                    data.get("to_status").asString()));
        }
        lastId = id;
        end = name.equals("done") ? data.get("operation") : null;
    }

    UUID operation() {
        return operation;
    }

    List<Edge> edges() {
        return edges;
    }

    /// The operation as the last event showed it.
    JsonNode end() {
        return end;
    }

    /// The newest version it was told of; 0: nothing yet.
    long lastId() {
        return lastId;
    }

    /// How many streams it was given.
    int connects() {
        return connects;
    }

    @Override
    public String toString() {
        return "the follower of " + operation + " (version " + lastId + ", " + connects + " streams)";
    }
}
