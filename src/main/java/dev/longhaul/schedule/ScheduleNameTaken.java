package dev.longhaul.schedule;

import dev.longhaul.operation.Text;

/// The name of a schedule is unique.
public class ScheduleNameTaken extends IllegalArgumentException {

    ScheduleNameTaken(String name) {
        super("schedule " + Text.quoted(name) + " already exists");
    }
}
