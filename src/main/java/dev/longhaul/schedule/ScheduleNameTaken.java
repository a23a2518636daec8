package dev.longhaul.schedule;

import dev.longhaul.operation.Text;

/// Two schedules cannot have one name.
public class ScheduleNameTaken extends IllegalArgumentException {

    ScheduleNameTaken(String name) {
        super("there is a schedule " + Text.quoted(name) + " already");
    }
}
