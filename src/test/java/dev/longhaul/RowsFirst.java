package dev.longhaul;

import java.util.Comparator;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Classes that must run one after the other begin first: the others fill the gaps beside them.
public final class RowsFirst implements ClassOrderer {

    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparing(type ->
                !type.isAnnotated(LonghaulTest.class) && !type.isAnnotated(ResourceLock.class)));
    }
}
