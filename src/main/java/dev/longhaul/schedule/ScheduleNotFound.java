package dev.longhaul.schedule;

import dev.longhaul.operation.Text;

/// The schedule does not exist or is deleted.
public class ScheduleNotFound extends IllegalArgumentException {

    ScheduleNotFound(String nameOrId) {
        super("there is no schedule " + Text.quoted(nameOrId));
    }
}
