package dev.longhaul.rest;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Text;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An operation's version as HTTP names it: `ETag: "v17"`, `If-None-Match`, `If-Match`.
final class ETags {

    private static final Pattern TAG = Pattern.compile("(?:W/)?\"v(0|[1-9][0-9]{0,17})\"");

    private ETags() {
    }

    static String tag(Operation operation) {
        return "\"v" + operation.version() + '"';
    }

    /// Whether `If-None-Match` has this version, so that its sender has nothing new to read.
    static boolean isKnown(@Nullable String ifNoneMatch, Operation operation) {
        return ifNoneMatch != null && Arrays.stream(ifNoneMatch.split(",")).map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(tag(operation)));
    }

    /// The version of `If-Match`. Empty: its sender does not care.
    static OptionalLong expected(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return OptionalLong.empty();
        }
        var tag = TAG.matcher(ifMatch.strip());
        if (!tag.matches() || ifMatch.strip().startsWith("W/")) {
            throw new Problem(ProblemKind.INVALID_REQUEST,
                    "If-Match must be one ETag of an operation such as \"v17\", not " + Text.quoted(ifMatch));
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }
}
