package dev.longhaul.library;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled false: the application gets no Longhaul
/// @param mode    `all`: submits, runs tasks, starts scheduled runs. `worker`: the same without schedules
///                and webhooks. `submit_only`: submits and watches; other processes do the rest
@ConfigurationProperties("longhaul")
record LibrarySettings(@DefaultValue("true") boolean enabled, @DefaultValue("all") Mode mode) {

    enum Mode { ALL, WORKER, SUBMIT_ONLY }
}
