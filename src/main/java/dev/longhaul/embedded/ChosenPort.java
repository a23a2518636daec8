package dev.longhaul.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// The port of the server, which stays the same after a restart: with another port, a remembered `psql` command would
/// reach the server that has taken the wanted one.
///
/// @param file has the wanted and the chosen port
record ChosenPort(Path file) {

    private static final int NEAR = 100;

    /// The port of the last start, if it is free and the setting is the same. Else the wanted port, the next free one
    /// above it, or any.
    ///
    /// @param wanted 0: any
    int choose(int wanted) throws IOException {
        var kept = kept(wanted);
        if (kept > 0 && isFree(kept)) {
            return kept;
        }
        var near = wanted == 0 ? IntStream.empty() : IntStream.rangeClosed(wanted, Math.min(wanted + NEAR, 65_535));
        for (var port : (Iterable<Integer>) near.boxed()::iterator) {
            if (isFree(port)) {
                return port;
            }
        }
        try (var socket = bind(0)) {
            return socket.getLocalPort();
        }
    }

    void keep(int wanted, int chosen) throws IOException {
        Files.writeString(file, wanted + " " + chosen + "\n");
    }

    private int kept(int wanted) throws IOException {
        var ports = Files.exists(file) ? Files.readString(file).strip() : "";
        return ports.matches("\\d{1,5} \\d{1,5}") && ports.startsWith(wanted + " ")
                ? Integer.parseInt(ports.substring(ports.indexOf(' ') + 1)) : 0;
    }

    private static boolean isFree(int port) throws IOException {
        try (var _ = bind(port)) {
            return true;
        } catch (BindException taken) {
            return false;
        }
    }

    private static ServerSocket bind(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
    }
}
