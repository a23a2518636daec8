package dev.longhaul.task;

/// One of the options of a question.
public record Choice(String choice) {}
