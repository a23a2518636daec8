package dev.longhaul.types;

import dev.longhaul.store.RemoteTypeStore;
import dev.longhaul.store.RemoteTypeStore.RemoteType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// The task types of remote workers. Each look reads the table, so that a registration at another node counts at once;
/// only compiled schemas are cached.
@Component
class RemoteTasks {

    private final RemoteTypeStore store;
    private final InputTypes inputs;
    private final SecretCipher cipher;
    private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

    private record Compiled(int version, RemoteTask task) {}

    RemoteTasks(RemoteTypeStore store, InputTypes inputs, SecretCipher cipher) {
        this.store = store;
        this.cipher = cipher;
        this.inputs = inputs;
    }

    Optional<RemoteTask> find(String type) {
        return store.find(type).map(this::task);
    }

    List<RemoteTask> all() {
        return store.all().stream().map(this::task).toList();
    }

    private RemoteTask task(RemoteType registered) {
        return compiled.compute(registered.type(), (_, known) -> known != null && known.version == registered.version()
                ? known
                : new Compiled(registered.version(),
                new RemoteTask(registered, inputs.validator(registered.inputSchema()), cipher))).task;
    }
}
