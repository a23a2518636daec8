package dev.longhaul.task;

import dev.longhaul.operation.Text;
import java.util.Collection;

/// No task bears this type.
public class UnknownType extends RuntimeException {

    UnknownType(String type, Collection<String> known) {
        super("no task has the type " + Text.quoted(type) + "; there are: " + String.join(", ", known));
    }
}
