package dev.longhaul.schedule;

import dev.longhaul.operation.Text;

/// Two schedules cannot have one name.
public class NameTaken extends IllegalArgumentException {

    NameTaken(String name) {
        super("there is a schedule " + Text.quoted(name) + " already");
    }
}
