package dev.longhaul.tool;

import dev.longhaul.types.InputTypes;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.stereotype.Component;

/// The tools, prompts and resources of this node: all beans of these types, and those added at run time.
@Component
public class ToolCatalog {

    private final InputTypes inputs;
    private final Map<String, RegisteredTool> tools = new ConcurrentSkipListMap<>();
    private final Map<String, RegisteredPrompt> prompts = new ConcurrentSkipListMap<>();
    private final Map<String, RegisteredResource> resources = new ConcurrentSkipListMap<>();
    private final List<Consumer<Kind>> listeners = new CopyOnWriteArrayList<>();

    ToolCatalog(ListableBeanFactory beans, InputTypes inputs) {
        this.inputs = inputs;
        beans.getBeansOfType(Tool.class).values().forEach(this::add);
        beans.getBeansOfType(Prompt.class).values().forEach(this::add);
        beans.getBeansOfType(Resource.class).values().forEach(this::add);
    }

    /// The list that has changed.
    public enum Kind { TOOLS, PROMPTS, RESOURCES }

    /// By name.
    public Collection<RegisteredTool> tools() {
        return tools.values();
    }

    /// By name.
    public Collection<RegisteredPrompt> prompts() {
        return prompts.values();
    }

    /// By URI.
    public Collection<RegisteredResource> resources() {
        return resources.values();
    }

    /// @throws IllegalStateException if its name is taken
    public void add(Tool<?, ?> tool) {
        var registered = RegisteredTool.of(tool, inputs);
        put(tools, registered.name(), registered, Kind.TOOLS);
    }

    /// @throws IllegalStateException if its name is taken
    public void add(Prompt<?> prompt) {
        var registered = RegisteredPrompt.of(prompt, inputs);
        put(prompts, registered.name(), registered, Kind.PROMPTS);
    }

    /// @throws IllegalStateException if its URI is taken
    public void add(Resource resource) {
        var registered = RegisteredResource.of(resource);
        put(resources, registered.type().uri(), registered, Kind.RESOURCES);
    }

    /// Removes an entry if it exists.
    ///
    /// @param name of a tool or prompt, or a resource's URI
    public void remove(Kind kind, String name) {
        var removed = switch (kind) {
            case TOOLS -> tools.remove(name);
            case PROMPTS -> prompts.remove(name);
            case RESOURCES -> resources.remove(name);
        };
        if (removed != null) {
            announce(kind);
        }
    }

    /// Notifies listeners that a list has changed outside this catalog: tasks are tools too.
    public void announce(Kind kind) {
        listeners.forEach(listener -> listener.accept(kind));
    }

    /// The listener runs on the thread of the change and must return at once.
    ///
    /// @return removes the listener
    public Runnable onChange(Consumer<Kind> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private <T> void put(Map<String, T> all, String name, T one, Kind kind) {
        if (all.putIfAbsent(name, one) != null) {
            throw new IllegalStateException("two " + kind.name().toLowerCase(Locale.ROOT) + " are called " + name);
        }
        announce(kind);
    }
}
