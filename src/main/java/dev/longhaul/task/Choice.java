package dev.longhaul.task;

/// The chosen option of an input request.
public record Choice(String choice) {}
