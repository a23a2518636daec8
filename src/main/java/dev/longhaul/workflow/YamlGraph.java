package dev.longhaul.workflow;

import dev.longhaul.operation.Text;
import dev.longhaul.task.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// YAML as JSON: of its plain texts only `true`, `false`, `null` and numbers are more than texts, so that `on` and `2026-01-08` stay what they are.
public final class YamlGraph {

    private static final int LONGEST = 1 << 20;

    private YamlGraph() {
    }

    /// @throws InvalidInput if it is no YAML, has a key twice, or is nested or aliased beyond reason
    public static JsonNode read(byte[] bytes, JsonMapper json) {
        var limits = new LoaderOptions();
        limits.setAllowDuplicateKeys(false);
        limits.setMaxAliasesForCollections(20);
        limits.setNestingDepthLimit(64);
        limits.setCodePointLimit(LONGEST);
        var writing = new DumperOptions();
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return json.valueToTree(new Yaml(new SafeConstructor(limits), new Representer(writing), writing, limits, new JsonTypes()).load(text));
        } catch (CharacterCodingException broken) {
            throw new InvalidInput(List.of("the request is not valid UTF-8"));
        } catch (MarkedYAMLException broken) {
            var mark = broken.getProblemMark();
            throw new InvalidInput(List.of("the request is not YAML" + (mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1)) + ": "
                    + Text.cleaned(String.valueOf(broken.getProblem()), 200)));
        } catch (YAMLException broken) {
            throw new InvalidInput(List.of("the request is not YAML: " + Text.cleaned(String.valueOf(broken.getMessage()), 200)));
        }
    }

    private static final class JsonTypes extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.NULL, Pattern.compile("null|~|"), "n~\0");
            addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
            addImplicitResolver(Tag.INT, Pattern.compile("-?(0|[1-9][0-9]{0,17})"), "-0123456789");
            addImplicitResolver(Tag.FLOAT, Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"), "-0123456789");
        }
    }
}
