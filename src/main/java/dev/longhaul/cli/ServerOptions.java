package dev.longhaul.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import picocli.CommandLine.Option;

/// The service's URL and the token for it. Both come from the first of these that is given, so that a token is never
/// sent to the service of another source:
///   1. `--profile`, a profile of `~/.config/longhaul/config.yaml`
///   2. `--url`, with LONGHAUL_TOKEN
///   3. LONGHAUL_URL, with LONGHAUL_TOKEN
///   4. the profile that LONGHAUL_PROFILE or the file itself names
///   5. this machine, with LONGHAUL_TOKEN
///
/// ```yaml
/// profile: prod          # the default profile
/// profiles:
///   prod: {url: "https://longhaul.example.org", token: "…"}
/// ```
final class ServerOptions {

    private static final String HERE = "http://127.0.0.1:8081";

    @Option(names = "--url", paramLabel = "URL",
            description = "The service; default: $LONGHAUL_URL, that of the profile, or " + HERE + ".")
    private @Nullable String url;

    @Option(names = "--profile", paramLabel = "NAME", description =
            "A profile of ~/.config/longhaul/config.yaml; default: $LONGHAUL_PROFILE, or that named in the file.")
    private @Nullable String profile;

    ApiClient api() {
        if (url != null && profile != null) {
            throw new CliError(ExitCode.USAGE, "expected --url or --profile, not both");
        }
        var given = url == null && profile == null ? System.getenv("LONGHAUL_URL") : url;
        var chosen = given == null ? profile() : Map.<String, String>of();
        return chosen.isEmpty() ? new ApiClient(uri(given == null ? HERE : given), System.getenv("LONGHAUL_TOKEN"))
                : new ApiClient(uri(chosen.getOrDefault("url", HERE)), chosen.get("token"));
    }

    private static URI uri(String text) {
        try {
            var uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
                return URI.create(uri.toString().replaceFirst("/+$", ""));
            }
        } catch (IllegalArgumentException unreadable) {
            // refused below
        }
        throw new CliError(ExitCode.USAGE, "expected a URL such as https://longhaul.example.org, not " + text);
    }

    /// Empty: there is none.
    private Map<String, String> profile() {
        var file = folder().resolve("config.yaml");
        var name = profile == null ? System.getenv("LONGHAUL_PROFILE") : profile;
        if (!Files.exists(file)) {
            if (name != null) {
                throw new CliError(ExitCode.USAGE, "there is no profile " + name + ", because there is no file "
                        + file);
            }
            return Map.of();
        }
        return chosen(file, name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> chosen(Path file, @Nullable String asked) {
        try {
            var config = (Map<String, Object>) new Yaml(new SafeConstructor(new LoaderOptions()))
                    .load(TextFile.read(file.toString()));
            var profiles = (Map<String, Map<String, String>>) config.getOrDefault("profiles", Map.of());
            var name = asked == null ? (String) config.get("profile") : asked;
            if (name != null && !profiles.containsKey(name)) {
                throw new CliError(ExitCode.USAGE, file + " has no profile " + name + ", only "
                        + String.join(", ", profiles.keySet()));
            }
            return name == null ? Map.of() : profiles.get(name);
        } catch (ClassCastException | NullPointerException | YAMLException otherwise) {
            throw new CliError(ExitCode.USAGE, file
                    + " must look like {profile: prod, profiles: {prod: {url: …, token: …}}}");
        }
    }

    private static Path folder() {
        var base = System.getenv("XDG_CONFIG_HOME");
        var home = System.getenv("HOME");   // Java's user.home is that of the password file
        return (base != null && !base.isEmpty() ? Path.of(base)
                : Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home, ".config"))
                .resolve("longhaul");
    }
}
