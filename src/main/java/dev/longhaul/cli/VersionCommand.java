package dev.longhaul.cli;

import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

@CommandLine.Command(name = "version",
        description = "Print the version of this command. 'longhaul doctor' prints that of the service.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {

    /// As the build wrote it into the jar.
    static String version() {
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

    @Override
    public Integer call() {
        System.out.println(getVersion()[0]);
        return ExitCode.DONE;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"longhaul " + version()};
    }
}
