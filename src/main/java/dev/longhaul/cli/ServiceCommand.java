package dev.longhaul.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// Base of all commands that call a service.
abstract class ServiceCommand implements Callable<Integer> {

    @Mixin
    private ServerOptions server = new ServerOptions();

    private @Nullable ApiClient api;

    ApiClient api() {
        if (api == null) {
            api = server.api();
        }
        return api;
    }

    /// Prints a line for people; stdout is for programs.
    static void say(String text) {
        System.err.println(text);
    }

    @Override
    public abstract Integer call() throws Exception;
}
