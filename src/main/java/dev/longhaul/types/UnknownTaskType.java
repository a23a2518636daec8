package dev.longhaul.types;

import dev.longhaul.operation.Text;
import java.util.Collection;

/// No task has this type.
public class UnknownTaskType extends RuntimeException {

    UnknownTaskType(String type, Collection<String> known) {
        super("no task has the type " + Text.quoted(type) + "; there are: " + String.join(", ", known));
    }
}
