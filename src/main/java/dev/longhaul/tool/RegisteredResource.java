package dev.longhaul.tool;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;

/// A resource with its description and the pattern of its URIs.
public final class RegisteredResource {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

    private final ResourceType type;
    private final Resource resource;
    private final List<String> variables = new ArrayList<>();
    private final Pattern form;

    private RegisteredResource(ResourceType type, Resource resource) {
        this.type = type;
        this.resource = resource;
        var pattern = new StringBuilder();
        var end = 0;
        for (var found = VARIABLE.matcher(type.uri()); found.find(); end = found.end()) {
            pattern.append(Pattern.quote(type.uri().substring(end, found.start()))).append("([^/?#]+)");
            variables.add(found.group(1));
        }
        this.form = Pattern.compile(pattern.append(Pattern.quote(type.uri().substring(end))).toString());
    }

    static RegisteredResource of(Resource resource) {
        var declared = AopUtils.getTargetClass(resource);
        var type = AnnotatedElementUtils.findMergedAnnotation(declared, ResourceType.class);
        if (type == null) {
            throw new IllegalStateException(declared.getName() + " needs @ResourceType");
        }
        return new RegisteredResource(type, resource);
    }

    public ResourceType type() {
        return type;
    }

    public boolean isTemplate() {
        return !variables.isEmpty();
    }

    /// The names of a template's variables.
    public List<String> variables() {
        return List.copyOf(variables);
    }

    public boolean matches(String uri) {
        return form.matcher(uri).matches();
    }

    public Optional<Contents> read(String uri, ToolCall call) throws Exception {
        var found = form.matcher(uri);
        if (!found.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (var n = 0; n < variables.size(); n++) {
            values.put(variables.get(n), URLDecoder.decode(found.group(n + 1).replace("+", "%2B"),
                    StandardCharsets.UTF_8));
        }
        return resource.read(uri, values, call);
    }
}
