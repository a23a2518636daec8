package dev.longhaul.mcp.rpc;

import java.io.IOException;

/// The client of an exchange has closed its stream, or reads no more.
public class Gone extends RuntimeException {

    Gone(IOException cause) {
        super(cause);
    }
}
