package dev.longhaul.live;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;

/// Sockets for the [NotificationListener], so that it gets notifications at once.
///
/// After every notification the driver tries to read another one, with a timeout of one millisecond, the shortest of a
/// socket. That was half of the time from a commit to its subscribers. Here such a read fails at once without data.
public final class PromptSocketFactory extends SocketFactory {

    private static final int LOOK_AHEAD = 1;   // the timeout by which the driver's look can be told

    private static final class PromptSocket extends Socket {

        private volatile boolean looksAhead;

        @Override
        public synchronized void setSoTimeout(int millis) throws SocketException {
            looksAhead = millis == LOOK_AHEAD;
            super.setSoTimeout(millis);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    refuseToWait();
                    return in.read();
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    refuseToWait();
                    return in.read(bytes, offset, length);
                }

                private void refuseToWait() throws IOException {
                    if (looksAhead && in.available() == 0) {
                        throw new SocketTimeoutException("nothing more has arrived");
                    }
                }
            };
        }
    }

    /// The driver connects the socket itself.
    @Override
    public Socket createSocket() {
        return new PromptSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host, port, null, 0);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        var socket = createSocket();
        socket.bind(new InetSocketAddress(localHost, localPort));
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }
}
