package dev.longhaul.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param anyType true: an operation of a type that no task bears is rehearsed under that name; false: it is refused.
///                On by default with the embedded database, where people try things out
@ConfigurationProperties("longhaul.rehearsal")
record RehearsalSettings(@DefaultValue("false") boolean anyType) {}
