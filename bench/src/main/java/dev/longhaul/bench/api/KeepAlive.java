package dev.longhaul.bench.api;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One connection of HTTP/1.1 that is kept: as little work on the client's side as there can be, since it shares the
/// processors with what is measured.
final class KeepAlive implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    KeepAlive(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        out = socket.getOutputStream();
    }

    record Answer(int status, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// The bytes of a request, made once for many.
    static byte[] request(String method, String path, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + (body.isEmpty()
                ? "" : "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n") + "\r\n";
        return (head + body).getBytes(StandardCharsets.UTF_8);
    }

    Answer send(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        var status = Integer.parseInt(line().substring(9, 12));
        var length = 0;
        var chunked = false;
        for (var line = line(); !line.isEmpty(); line = line()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            } else if (line.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26)) {
                chunked = true;
            }
        }
        return new Answer(status, chunked ? chunks() : exactly(length));
    }

    /// Sends, and insists.
    Answer expect(int status, byte[] request) throws IOException {
        var answer = send(request);
        if (answer.status != status) {
            throw new IOException("answered " + answer.status + " " + answer.text());
        }
        return answer;
    }

    private byte[] chunks() throws IOException {
        var body = new byte[0];
        for (var length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            var whole = new byte[body.length + length];
            System.arraycopy(body, 0, whole, 0, body.length);
            System.arraycopy(exactly(length), 0, whole, body.length, length);
            body = whole;
            line();
        }
        line();
        return body;
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the service hung up");
        }
        return bytes;
    }

    private final byte[] buffer = new byte[8 * 1024];

    private String line() throws IOException {
        for (var n = 0; ; ) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("the service hung up");
            }
            if (next == '\n') {
                return new String(buffer, 0, n > 0 && buffer[n - 1] == '\r' ? n - 1 : n, StandardCharsets.ISO_8859_1);
            }
            buffer[n++] = (byte) next;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
