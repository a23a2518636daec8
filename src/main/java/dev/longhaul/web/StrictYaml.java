package dev.longhaul.web;

import dev.longhaul.operation.Text;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// Parses YAML with the types of JSON: only `true`, `false`, `null` and numbers are not strings, so `on` and
/// `2026-01-08` stay strings. JSON has no infinity, so `.inf` and `.nan` are refused.
final class StrictYaml {

    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 64;
    private static final int MOST_ALIASES = 20;

    private StrictYaml() {
    }

    /// @return maps, lists, texts, numbers, booleans and nulls
    /// @throws Problem `malformed-json` if it is not YAML, has a duplicate key, or is nested or aliased too deeply
    static Object parse(String text) {
        var limits = new LoaderOptions();
        limits.setAllowDuplicateKeys(false);
        limits.setMaxAliasesForCollections(MOST_ALIASES);
        limits.setNestingDepthLimit(DEEPEST);
        limits.setCodePointLimit(LONGEST);
        var writing = new DumperOptions();
        try {
            var value = new Yaml(new JsonNumbers(limits), new Representer(writing), writing, limits,
                    new JsonTypes()).load(text);
            new Measure().take(value, 0);
            return value;
        } catch (MarkedYAMLException broken) {
            var mark = broken.getProblemMark();
            throw refused((mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                    + ": " + broken.getProblem());
        } catch (YAMLException broken) {
            throw refused(": " + broken.getMessage());
        }
    }

    private static Problem refused(String why) {
        return new Problem(ProblemKind.MALFORMED_JSON, "the request is not YAML" + Text.cleaned(why, 300));
    }

    /// Limits the size with aliases expanded.
    private static final class Measure {

        private long left = 4 * LONGEST;

        void take(@Nullable Object value, int depth) {
            if (depth > DEEPEST) {
                throw refused(": it contains itself, or is nested deeper than " + DEEPEST);
            }
            left -= 8 + (value instanceof String text ? text.length() : 0);
            if (left < 0) {
                throw refused(": with its aliases written out it has more than " + 4 * LONGEST + " characters");
            }
            if (value instanceof List<?> list) {
                list.forEach(one -> take(one, depth + 1));
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((key, one) -> {
                    if (key == null || key instanceof Map || key instanceof List) {
                        throw refused(": a key must be a text");
                    }
                    take(key, depth + 1);
                    take(one, depth + 1);
                });
            }
        }
    }

    /// Decimal numbers keep all their digits.
    private static final class JsonNumbers extends SafeConstructor {

        JsonNumbers(LoaderOptions limits) {
            super(limits);
            yamlConstructors.put(Tag.FLOAT, new AbstractConstruct() {

                @Override
                public Object construct(Node node) {
                    var text = ((ScalarNode) node).getValue();
                    try {
                        return new BigDecimal(text);
                    } catch (NumberFormatException infinite) {
                        var mark = node.getStartMark();
                        throw refused(", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1)
                                + ": expected a number of JSON, found " + text + "; quote a text");
                    }
                }
            });
        }
    }

    private static final class JsonTypes extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.NULL, Pattern.compile("null|~|"), "n~\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
            addImplicitResolver(Tag.INT, Pattern.compile("-?(0|[1-9][0-9]{0,17})"), "-0123456789");
            addImplicitResolver(Tag.FLOAT, Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"),
                    "-0123456789");
            addImplicitResolver(Tag.FLOAT, Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"), "-+.");
        }
    }
}
