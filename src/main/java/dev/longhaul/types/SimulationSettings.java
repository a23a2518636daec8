package dev.longhaul.types;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param anyType true: an operation of a type that no task bears is rehearsed under that name; false: it is refused.
///                Default: true with the embedded database, where people try things out, false with one that was
///                configured
@ConfigurationProperties("longhaul.rehearsal")
record SimulationSettings(@Nullable Boolean anyType) {}
