package dev.longhaul.cli;

/// Colours by meaning, as escape sequences.
enum Colors {
    PLAIN(""), GOOD("32"), BAD("31"), BUSY("36"), RESTING("33"), DIM("2"), STRONG("1");

    private final String code;

    Colors(String code) {
        this.code = code;
    }

    String on(String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    static Colors of(String status) {
        return switch (status) {
            case "completed", "alive", "started", "enabled" -> GOOD;
            case "failed", "lost" -> BAD;
            case "running" -> BUSY;
            case "waiting", "cancelled", "paused", "disabled", "draining" -> RESTING;
            default -> PLAIN;
        };
    }
}
