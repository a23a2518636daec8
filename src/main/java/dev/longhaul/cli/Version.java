package dev.longhaul.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// This jar's version, as its build wrote it down.
final class Version implements IVersionProvider {

    static String own() {
        try (var in = Version.class.getResourceAsStream("/META-INF/build-info.properties")) {
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
    public String[] getVersion() {
        return new String[] {"longhaul " + own()};
    }
}
