package dev.longhaul.outbound;

import java.net.UnknownHostException;

/// A host has an address to which no request may be sent.
public final class ForbiddenAddress extends UnknownHostException {

    ForbiddenAddress(String message) {
        super(message);
    }
}
