package dev.longhaul.bench.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Signals, ports and users of the operating system.
public final class Processes {

    private static final Random RANDOM = new Random();

    private Processes() {
    }

    /// @param signal e.g. `STOP`
    /// @return false: there is no such process
    public static boolean signal(long pid, String signal) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    /// A free port below the ephemeral ports of the system, so that it stays free between a kill and the next start.
    static int freePort() throws IOException {
        for (var tries = 0; tries < 1_000; tries++) {
            try (var socket = new ServerSocket(20_000 + RANDOM.nextInt(12_000), 1,
                    InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
        throw new IOException("no port between 20000 and 32000 is free");
    }

    /// The command prefix that runs PostgreSQL, which refuses to run as root, as the owner of its data.
    static List<String> asOwnerOf(Path data) throws IOException, InterruptedException {
        var owner = Files.getAttribute(data, "unix:uid");
        if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")) || !isRoot()) {
            return isRoot() ? List.of("setpriv", "--reuid=" + owner, "--regid="
                    + Files.getAttribute(data, "unix:gid"), "--clear-groups") : List.of();
        }
        return List.of("unshare", "-U");
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    static List<String> concat(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
