package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database.Login;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/// pg-boss and graphile-worker: a Node process that is told what to submit and tells how many have run (bench/node).
final class NodePeer extends Contestant {

    private final Process process;
    private final SynchronousQueue<String> answers = new SynchronousQueue<>();
    private volatile long ran;
    private long submitted;

    private NodePeer(String name, String settings, Path root, Login login, String idle) throws Exception {
        super(name, settings, login, idle);
        var directory = installed(root);
        process = new ProcessBuilder(directory.resolve("node_modules/.bin/node").toString(), name + ".mjs", login.uri())
                .directory(directory.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var reader = process.inputReader();
        Thread.ofVirtual().start(() -> read(reader));
        await("ready", 60);
    }

    static NodePeer pgBoss(Path root, Login login) throws Exception {
        return new NodePeer("pg-boss", "batchSize 1,000, 2 workers, NOTIFY, the next batch at once after a full one",
                root, login,
                "not exists (select from pgboss.job where name = 'bench' and state < 'completed')");
    }

    static NodePeer graphileWorker(Path root, Login login) throws Exception {
        return new NodePeer("graphile-worker", "concurrentJobs 24, localQueue 500, completions in batches", root, login,
                "not exists (select from graphile_worker._private_jobs)");
    }

    private static Path installed(Path root) throws IOException, InterruptedException {
        var directory = root.resolve("bench/node");
        if (!Files.exists(directory.resolve("node_modules/.bin/node"))) {
            var npm = new ProcessBuilder("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
                    .directory(directory.toFile())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
            if (npm.waitFor() != 0) {
                throw new IOException("npm could not install the peers in Node");
            }
        }
        return directory;
    }

    private void read(BufferedReader lines) {
        lines.lines().forEach(line -> {
            if (line.startsWith("ran ")) {
                ran = Long.parseLong(line.substring(4));
            } else {
                try {
                    answers.put(line);
                } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    private void await(String expected, int seconds) throws InterruptedException, IOException {
        var answer = answers.poll(seconds, TimeUnit.SECONDS);
        if (!expected.equals(answer)) {
            throw new IOException(name() + " should have said " + expected + ", and said " + answer);
        }
    }

    @Override
    void submit(int count) throws Exception {
        submitted += count;
        var out = process.outputWriter();
        out.write("submit " + count + "\n");
        out.flush();
        await("submitted", 60);
    }

    @Override
    void submitOne() throws Exception {
        submit(1);
    }

    @Override
    void submitAtPace(int count, int perSecond) throws Exception {
        submitted += count;
        var out = process.outputWriter();
        out.write("pace " + count + " " + perSecond + "\n");
        out.flush();
        await("submitted", 600);
    }

    @Override
    boolean mayBeIdle() {
        return ran >= submitted;
    }

    @Override
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() throws Exception {
        process.outputWriter().close();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        super.close();
    }
}
