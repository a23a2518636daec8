package dev.longhaul.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What all commands have that talk to a service.
abstract class ServiceCommand implements Callable<Integer> {

    @Mixin
    private ServerOptions place = new ServerOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "This help.")
    private boolean help;

    private @Nullable ApiClient api;

    ApiClient api() {
        if (api == null) {
            api = place.api();
        }
        return api;
    }

    /// For people: beside the output, not in it.
    static void say(String text) {
        System.err.println(text);
    }

    @Override
    public abstract Integer call() throws Exception;
}
