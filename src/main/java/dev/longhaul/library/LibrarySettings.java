package dev.longhaul.library;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param enabled false: the application gets no Longhaul
/// @param mode    `all`: submits, runs tasks, fires schedules, delivers webhooks. `worker`: the same without schedules
///                and webhooks. `submit-only`: submits and watches; other processes do the rest
@ConfigurationProperties("longhaul")
record LibrarySettings(@DefaultValue("true") boolean enabled, @DefaultValue("all") Mode mode) {

    enum Mode { ALL, WORKER, SUBMIT_ONLY }
}
