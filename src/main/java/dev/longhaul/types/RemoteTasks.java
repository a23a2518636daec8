package dev.longhaul.types;

import dev.longhaul.store.RemoteTypeStore;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The task types of remote workers. Each look reads the table, so that a registration at another node counts at once;
/// only compiled schemas are cached.
@Component
class RemoteTasks {

    private static final Logger log = LoggerFactory.getLogger(RemoteTasks.class);

    private final RemoteTypeStore store;
    private final SecretCipher cipher;
    private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

    private record Compiled(RemoteType registered, RemoteTask task) {}

    RemoteTasks(RemoteTypeStore store, SecretCipher cipher) {
        this.store = store;
        this.cipher = cipher;
    }

    Optional<RemoteTask> find(String type) {
        return store.find(type).map(this::task);
    }

    /// As this node read it last; it reads the table for an unknown type only.
    Optional<OperationType> known(String type) {
        var known = compiled.get(type);
        return known == null ? find(type).map(OperationType.class::cast) : Optional.of(known.task);
    }

    List<RemoteTask> all() {
        return store.all().stream().map(this::task).toList();
    }

    private RemoteTask task(RemoteType registered) {
        return compiled.compute(registered.type(), (_, known) -> known != null && known.registered.equals(registered)
                ? known : compiled(registered)).task;
    }

    /// A row that was written by hand may have any schema. It must not take other types with it.
    private Compiled compiled(RemoteType registered) {
        var task = new RemoteTask(registered, cipher);
        if (task.defect() != null) {
            log.warn("task type {} is unusable: {}", registered.type(), task.defect());
        }
        return new Compiled(registered, task);
    }
}
