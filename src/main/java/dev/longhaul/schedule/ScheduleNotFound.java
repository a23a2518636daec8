package dev.longhaul.schedule;

import dev.longhaul.operation.Text;

/// Nobody has made it, or somebody has deleted it.
public class ScheduleNotFound extends IllegalArgumentException {

    ScheduleNotFound(String nameOrId) {
        super("there is no schedule " + Text.quoted(nameOrId));
    }
}
