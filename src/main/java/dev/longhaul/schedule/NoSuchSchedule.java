package dev.longhaul.schedule;

import dev.longhaul.operation.Text;

/// Nobody has made it, or somebody has deleted it.
public class NoSuchSchedule extends IllegalArgumentException {

    NoSuchSchedule(String nameOrId) {
        super("there is no schedule " + Text.quoted(nameOrId));
    }
}
