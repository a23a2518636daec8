package dev.longhaul.cli;

import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/// This jar's version, as its build wrote it down.
final class VersionCommand implements IVersionProvider {

    static String own() {
        try (var in = VersionCommand.class.getResourceAsStream("/META-INF/build-info.properties")) {
            var build = new Properties();
            if (in != null) {
                build.load(in);
            }
            return build.getProperty("build.version", "dev");
        } catch (IOException unreadable) {
            return "dev";
        }
    }

    @CommandLine.Command(name = "version",
            description = "Print the version of this command; longhaul doctor tells that of the service.")
    static final class Tell implements Callable<Integer> {

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "This help.")
        private boolean help;

        @Override
        public Integer call() {
            System.out.println("longhaul " + own());
            return ExitCode.DONE;
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"longhaul " + own()};
    }
}
