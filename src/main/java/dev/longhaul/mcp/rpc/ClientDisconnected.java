package dev.longhaul.mcp.rpc;

import java.io.IOException;

/// The client of an exchange has closed its stream or stopped reading.
public class ClientDisconnected extends RuntimeException {

    ClientDisconnected(IOException cause) {
        super(cause);
    }
}
