package dev.longhaul.bench.chaos.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.longhaul.bench.chaos.journal.Entry.Left;
import dev.longhaul.bench.chaos.journal.Entry.Told;
import dev.longhaul.bench.chaos.journal.Entry.Unexpected;
import dev.longhaul.bench.chaos.journal.Journal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Reads one stream to its end as an EventSource does. When the stream breaks, and sometimes on its own, it goes to the
/// next node with the last id.
final class Subscriber {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CONNECT_MILLIS = 2_000;

    private final String name;
    private final String path;
    private final List<URI> nodes;
    private final Journal journal;
    private final Random random;
    private final int silenceMillis;
    private String lastId;
    private int streams;
    private int leavesAfter;
    private boolean hasEnded;
    private volatile boolean isClosed;
    private volatile @Nullable HttpURLConnection connection;
    private volatile long newestSeq;

    /// @param from          id to begin after; empty: from now
    /// @param silenceMillis a stream without a byte for so long is dead, whatever TCP says
    Subscriber(String name, String path, String from, List<URI> nodes, Journal journal, Random random,
            int silenceMillis) {
        this.name = name;
        this.path = path;
        this.lastId = from;
        this.nodes = nodes;
        this.journal = journal;
        this.random = random;
        this.silenceMillis = silenceMillis;
    }

    void read() throws InterruptedException {
        var reason = "closed";
        for (var turn = random.nextInt(nodes.size()); !isClosed && !hasEnded; turn++) {
            try {
                leavesAfter = random.nextInt(3) == 0 ? 1 + random.nextInt(10) : Integer.MAX_VALUE;
                var status = readAt(nodes.get(turn % nodes.size()));
                if (status == 204) {
                    hasEnded = true;
                } else if (status != 200) {
                    journal.add(new Unexpected("GET " + path + " after " + lastId, status, ""));
                    if (status < 500) {
                        reason = "refused with " + status;
                        break;
                    }
                }
            } catch (IOException broken) {
                // comes back
            }
            Thread.sleep(50 + random.nextInt(150));
        }
        journal.add(new Left(name, path, hasEnded ? "end" : reason));
    }

    void close() {
        isClosed = true;
        var open = connection;
        if (open != null) {
            open.disconnect();
        }
    }

    /// Events with a history entry that it has read.
    long told() {
        return newestSeq;
    }

    /// @return the status
    private int readAt(URI node) throws IOException {
        var from = lastId.equals("0") && streams == 0 ? (path.contains("?") ? "&" : "?") + "last_event_id=0" : "";
        var stream = (HttpURLConnection) node.resolve(path + from).toURL().openConnection();
        connection = stream;
        stream.setConnectTimeout(CONNECT_MILLIS);
        stream.setReadTimeout(silenceMillis);
        stream.setRequestProperty("Accept", "text/event-stream");
        if (from.isEmpty() && !lastId.isEmpty()) {
            stream.setRequestProperty("Last-Event-ID", lastId);
        }
        try {
            var status = stream.getResponseCode();
            if (status == 200) {
                streams++;
                read(new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8)),
                        System.currentTimeMillis());
            } else if (status == 503 || status == -1) {
                throw new IOException("not now");
            }
            return status;
        } finally {
            stream.disconnect();
        }
    }

    /// An event counts when the blank line after it has come.
    private void read(BufferedReader lines, long opened) throws IOException {
        var id = "";
        String event = null;
        String data = null;
        for (var line = lines.readLine(); line != null && !isClosed; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && data != null && event != null) {
                take(id, event, JSON.readTree(data), opened);
                data = null;
                event = null;
                id = "";
                if (hasEnded || leavesAfter-- <= 0) {
                    return;
                }
            }
        }
    }

    private void take(String id, String event, JsonNode data, long opened) {
        var operation = data.has("operation") ? data.get("operation") : data;
        journal.add(new Told(name, path, streams, opened, event, id,
                data.path("operation_id").asText(operation.path("operation_id").asText()), data.path("seq").asInt(),
                data.path("event").asText(), data.path("to_status").asText(operation.path("status").asText()),
                operation.path("attempt").asInt(), operation.path("progress").asDouble(),
                operation.path("version").asLong()));
        if (!id.isEmpty()) {
            lastId = id;
        }
        newestSeq += data.has("seq") ? 1 : 0;
        hasEnded = !path.startsWith("/api/v1/events") && (event.equals("done") || event.equals("error"))
                && !(path.startsWith("/api/v1/workflows") && !isOwnEnd(data));
    }

    /// A workflow's stream also tells the ends of its operations, as `state`; its own is `done`.
    private boolean isOwnEnd(JsonNode data) {
        return path.contains(data.path("operation_id").asText("?"));
    }
}
