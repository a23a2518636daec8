package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.tasks.TaskCallResults;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
import dev.longhaul.task.AsTool;
import dev.longhaul.tool.RegisteredTool;
import dev.longhaul.tool.SubmitOperation;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolCatalog;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.RemoteTask;
import dev.longhaul.types.TaskRegistry;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Lists the tools in a fixed order: tools of operations, one tool per task, tools of the application.
@Component
public class ToolList {

    private final ToolCatalog catalog;
    private final TaskRegistry tasks;
    private final TaskCallResults results;
    private final JsonMapper json;
    private final Map<String, OfTask> ofTasks = new LinkedHashMap<>();   // of this service's own tasks

    ToolList(ToolCatalog catalog, TaskRegistry tasks, TaskCallResults results, JsonMapper json) {
        this.catalog = catalog;
        this.tasks = tasks;
        this.results = results;
        this.json = json;
        tasks.ownTypes().stream().flatMap(type -> tasks.own(type).stream())
                .forEach(task -> ofTasks.put(task.type(), new OfTask(task, results.schema(task.outputSchema()),
                        task.asTool())));
        catalog.tools().stream().map(RegisteredTool::name).filter(ofTasks::containsKey).findAny().ifPresent(name -> {
            throw new IllegalStateException("a tool and a task are both called " + name);
        });
    }

    /// A tool as it is listed and called.
    sealed interface Entry {

        JsonNode inputSchema();

        @Nullable Object call(ObjectNode arguments, ToolCall call) throws Exception;
    }

    /// A tool that responds at once.
    record AtOnce(RegisteredTool tool) implements Entry {

        @Override
        public JsonNode inputSchema() {
            return tool.inputSchema();
        }

        @Override
        public @Nullable Object call(ObjectNode arguments, ToolCall call) throws Exception {
            return tool.call(arguments, call);
        }

        /// Its text is the reference interface's envelope.
        boolean isOfOperations() {
            return tool.tool() instanceof OperationTool;
        }
    }

    /// The tool of a task.
    ///
    /// @param hints annotation of its class; null: none, as for remote workers
    record OfTask(OperationType task, JsonNode outputSchema, @Nullable AsTool hints) implements Entry {

        @Override
        public JsonNode inputSchema() {
            return task.inputSchema();
        }

        @Override
        public Object call(ObjectNode arguments, ToolCall call) {
            return new SubmitOperation(Submission.of(task.type(), arguments));
        }

        boolean isOnlyTask() {
            return hints != null && hints.onlyAsTask();
        }
    }

    /// Without tools of remote workers.
    public int size() {
        return catalog.tools().size() + ofTasks.size();
    }

    /// Without tools of remote workers.
    List<String> names() {
        return Stream.concat(catalog.tools().stream().map(RegisteredTool::name), ofTasks.keySet().stream()).sorted()
                .toList();
    }

    Optional<Entry> find(String name) {
        var ofTask = ofTasks.get(tasks.typeOf(name));
        return ofTask != null ? Optional.of(ofTask)
                : catalog.tools().stream().filter(tool -> tool.name().equals(name)).findAny().<Entry>map(AtOnce::new)
                .or(() -> remote(name));
    }

    /// A task of remote workers; every node knows it.
    private Optional<Entry> remote(String name) {
        return tasks.find(name).filter(ToolList::isUsableRemote).map(this::remote);
    }

    private static boolean isUsableRemote(OperationType task) {
        return task instanceof RemoteTask && task.defect() == null;
    }

    private OfTask remote(OperationType task) {
        return new OfTask(task, results.schema(json.createObjectNode()), null);
    }

    private Stream<OfTask> remote() {
        return tasks.all().stream().filter(ToolList::isUsableRemote)
                .filter(task -> catalog.tools().stream().noneMatch(tool -> tool.name().equals(task.type())))
                        .map(this::remote);
    }

    public ObjectNode list(ObjectNode params, ClientProfile client) {
        if (params.has("cursor")) {
            throw JsonRpcError.params("tools/list has one page and no cursor "
                    + Text.quoted(params.path("cursor").toString()));
        }
        var result = json.createObjectNode();
        var list = result.putArray("tools");
        var atOnce = catalog.tools().stream().map(AtOnce::new).toList();
        ofOperations(atOnce).forEach(entry -> list.add(described(entry)));
        Stream.concat(ofTasks.values().stream(), remote()).forEach(entry -> list.add(described(entry, client)));
        atOnce.stream().filter(entry -> !entry.isOfOperations()).forEach(entry -> list.add(described(entry)));
        return result.put("ttlMs", 60_000).put("cacheScope", "public");
    }

    private static Stream<AtOnce> ofOperations(Collection<AtOnce> all) {
        return all.stream().filter(AtOnce::isOfOperations)
                .sorted(Comparator.comparing(entry -> OrderUtils.getOrder(entry.tool.tool().getClass(),
                Integer.MAX_VALUE)));
    }

    private ObjectNode described(AtOnce entry) {
        var type = entry.tool.type();
        var tool = json.createObjectNode().put("name", type.value());
        if (!type.title().isEmpty()) {
            tool.put("title", type.title());
        }
        tool.put("description", type.description() + entry.tool.tool().addendum());
        tool.set("inputSchema", entry.inputSchema());
        if (entry.tool.outputSchema() != null) {
            tool.set("outputSchema", entry.isOfOperations()
                    ? Envelope.schema(entry.tool.outputSchema()) : entry.tool.outputSchema());
        }
        tool.putObject("annotations").put("readOnlyHint", type.readOnly()).put("destructiveHint", type.destructive())
                .put("idempotentHint", type.readOnly() || type.idempotent()).put("openWorldHint", type.openWorld());
        return tool;
    }

    private ObjectNode described(OfTask ofTask, ClientProfile client) {
        var hints = ofTask.hints;
        var tool = json.createObjectNode().put("name", ofTask.task.type());
        if (hints != null && !hints.title().isEmpty()) {
            tool.put("title", hints.title());
        }
        tool.put("description",
                (ofTask.task.description().strip()
                + " A long run returns an operation_id; wait for its end with wait_for_task.")
                .strip());
        tool.set("inputSchema", ofTask.inputSchema());
        tool.set("outputSchema", ofTask.outputSchema);
        tool.putObject("annotations").put("readOnlyHint", hints != null && hints.readOnly())
                .put("destructiveHint", hints == null || hints.destructive() && !hints.readOnly())
                .put("idempotentHint", hints != null && (hints.readOnly() || hints.idempotent()))
                        .put("openWorldHint", hints == null || hints.openWorld());
        if (client.revision() == ProtocolRevision.V2025_11_25) {
            tool.putObject("execution").put("taskSupport", ofTask.isOnlyTask() ? "required" : "optional");
        }
        return tool;
    }
}
