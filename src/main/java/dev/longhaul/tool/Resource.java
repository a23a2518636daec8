package dev.longhaul.tool;

import java.util.Map;
import java.util.Optional;

/// Data that a model or a program reads by a URI.
public interface Resource {

    /// @param uri       as requested
    /// @param variables the values of a template's `{names}`, decoded
    /// @return empty: no such resource
    Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) throws Exception;
}
