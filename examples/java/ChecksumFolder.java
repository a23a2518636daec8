// A Longhaul worker that writes the checksums of a folder's files. Needs only a JDK 25.
//
//     java ChecksumFolder.java http://localhost:8081
//
// Input: {"folder": "/srv/data"}; a path without quotes and backslashes.
// Kill it at any time and start it again: finished files are not read again.

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Pattern;

static final HttpClient http = HttpClient.newHttpClient();
static String service = "http://localhost:8081/api/v1";
static final String TYPE = """
        {"type": "checksum_folder", "description": "Writes the SHA-256 checksums of a folder's files.",
         "input_schema": {"type": "object", "required": ["folder"],
                          "properties": {"folder": {"type": "string", "pattern": "^[^\\"\\\\\\\\]+$"}}}}""";

/// A 4xx response: repeating the request would not help.
static class Refused extends RuntimeException {
    Refused(String code) {
        super(code);
    }
}

/// The operation was cancelled or paused.
static class RunStopped extends RuntimeException {}

void main(String[] arguments) throws Exception {
    service = (arguments.length > 0 ? arguments[0] : "http://localhost:8081") + "/api/v1";
    while (true) {
        var worker = field("worker_id",
                call("/workers", "{\"name\": \"checksums\", \"exclusive\": true, \"types\": [" + TYPE + "]}"));
        try {
            while (true) {
                var claimed = call("/workers/" + worker + ":claim", "{\"wait_seconds\": 20, \"runs\": []}");
                if (field("operation_id", claimed) != null) {
                    run(claimed);
                }
            }
        } catch (Refused refused) {
            if (!refused.getMessage().equals("worker-lost")) {
                throw refused;
            }
        }
    }
}

void run(String claim) throws Exception {
    try {
        var files = checksums(claim);
        send(claim, "complete", ", \"output\": {\"files\": %d}".formatted(files));
    } catch (RunStopped stopped) {
        send(claim, "release", "");
    } catch (Refused refused) {
        System.err.println("operation " + field("operation_id", claim) + ": lease lost, " + refused.getMessage());
    } catch (IOException failed) {
        send(claim, "fail", ", \"type\": \"IOException\", \"message\": " + quoted(String.valueOf(failed.getMessage())));
    }
}

int checksums(String claim) throws Exception {
    var folder = Path.of(field("folder", claim));
    var manifest = new StringBuilder();
    try (var entries = Files.list(folder)) {
        var files = entries.filter(Files::isRegularFile).filter(file -> !file.endsWith("SHA256SUMS")).sorted().toList();
        for (var n = 0; n < files.size(); n++) {
            var name = files.get(n).getFileName().toString();
            var known = field(Pattern.quote(name), claim);   // a step of an earlier attempt
            var sum = known == null ? sha256(files.get(n)) : known;
            if (known == null) {
                send(claim, "step", ", \"name\": %s, \"result\": \"%s\"".formatted(quoted(name), sum));
            }
            manifest.append(sum).append("  ").append(name).append('\n');
            send(claim, "report", ", \"current\": %d, \"total\": %d, \"message\": %s"
                    .formatted(n + 1, files.size(), quoted(name)));
        }
        Files.writeString(folder.resolve("SHA256SUMS"), manifest);
        return files.size();
    }
}

String sha256(Path file) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    try (var in = Files.newInputStream(file)) {
        var buffer = new byte[64 * 1024];
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
    }
    return HexFormat.of().formatHex(digest.digest());
}

void send(String claim, String verb, String members) throws Exception {
    var response = call("/operations/" + field("operation_id", claim) + "/run:" + verb,
            "{\"run_id\": \"" + field("run_id", claim) + "\"" + members + "}");
    if (field("command", response) != null) {
        throw new RunStopped();
    }
}

/// Retries until the service answers.
String call(String path, String body) throws InterruptedException {
    while (true) {
        try {
            var request = HttpRequest.newBuilder(URI.create(service + path)).timeout(Duration.ofSeconds(60))
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() < 400) {
                return answer.body();
            }
            if (answer.statusCode() < 500) {
                throw new Refused(field("code", answer.body()));
            }
        } catch (IOException unavailable) {
            // retried
        }
        Thread.sleep(500);
    }
}

/// The text of a JSON member; null: missing.
static String field(String name, String json) {
    var found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return found.find() ? found.group(1) : null;
}

static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
}
