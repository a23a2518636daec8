package dev.longhaul.types;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param anyType true: an operation of an unknown task type is simulated under that name; false: it is refused.
///     Default: true with the embedded database, false with a configured one
@ConfigurationProperties("longhaul.simulation")
record SimulationSettings(@Nullable Boolean anyType) {}
