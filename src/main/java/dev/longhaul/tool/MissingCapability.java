package dev.longhaul.tool;

import java.util.Locale;

/// A call needs a capability that the client has not declared.
public class MissingCapability extends RuntimeException {

    private final Capability capability;

    public MissingCapability(Capability capability) {
        super("this call needs a client that declares " + capability.name().toLowerCase(Locale.ROOT));
        this.capability = capability;
    }

    public Capability capability() {
        return capability;
    }
}
