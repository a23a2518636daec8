package dev.longhaul.tool;

import java.util.Map;
import java.util.Optional;

/// Something a model or a program can read, by its URI.
public interface Resource {

    /// @param uri       as it was asked for
    /// @param variables the values of a template's `{names}`, decoded
    /// @return empty: there is no such resource
    Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) throws Exception;
}
