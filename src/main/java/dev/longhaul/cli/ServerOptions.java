package dev.longhaul.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
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

/// Where the service is: an option, else LONGHAUL_URL and LONGHAUL_TOKEN, else a profile of
/// `~/.config/longhaul/config.yaml`, else this machine.
///
/// ```yaml
/// profile: prod          # unless --profile or LONGHAUL_PROFILE names another
/// profiles:
///   prod: {url: "https://longhaul.example.org", token: "…"}
/// ```
final class ServerOptions {

    private static final String HERE = "http://127.0.0.1:8081";

    @Option(names = "--url", paramLabel = "URL",
            description = "Where the service is; default: $LONGHAUL_URL, the profile's, or " + HERE + ".")
    private @Nullable String url;

    @Option(names = "--profile", paramLabel = "NAME", description =
            "A profile of ~/.config/longhaul/config.yaml; default: $LONGHAUL_PROFILE, or the file's own choice.")
    private @Nullable String profile;

    ApiClient api() {
        var given = url == null ? System.getenv("LONGHAUL_URL") : url;
        var token = System.getenv("LONGHAUL_TOKEN");
        if (given == null || token == null && profile != null) {
            var chosen = profile();
            given = given == null ? chosen.getOrDefault("url", HERE) : given;
            token = token == null ? chosen.get("token") : token;
        }
        return new ApiClient(uri(given), token);
    }

    private static URI uri(String text) {
        try {
            var uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
                return URI.create(uri.toString().replaceFirst("/+$", ""));
            }
        } catch (IllegalArgumentException unreadable) {
            // said below
        }
        throw new CliError(ExitCode.USAGE, "the service's URL must be like https://longhaul.example.org, not " + text);
    }

    private Map<String, String> profile() {
        var file = folder().resolve("config.yaml");
        var name = profile == null ? System.getenv("LONGHAUL_PROFILE") : profile;
        if (!Files.exists(file)) {
            if (name != null) {
                throw new CliError(ExitCode.USAGE, "there is no profile " + name + ", since there is no " + file);
            }
            return Map.of();
        }
        return chosen(file, name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> chosen(Path file, @Nullable String asked) {
        try {
            var config = (Map<String, Object>) new Yaml(new SafeConstructor(new LoaderOptions()))
                    .load(Files.readString(file));
            var profiles = (Map<String, Map<String, String>>) config.getOrDefault("profiles", Map.of());
            var name = asked == null ? (String) config.get("profile") : asked;
            if (name != null && !profiles.containsKey(name)) {
                throw new CliError(ExitCode.USAGE, file + " has no profile " + name + ", only "
                        + String.join(", ", profiles.keySet()));
            }
            return name == null ? Map.of() : profiles.get(name);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (ClassCastException | NullPointerException | YAMLException otherwise) {
            throw new CliError(ExitCode.USAGE, file
                    + " must be like {profile: prod, profiles: {prod: {url: …, token: …}}}");
        }
    }

    private static Path folder() {
        var base = System.getenv("XDG_CONFIG_HOME");
        return (base == null || base.isEmpty() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(base))
                .resolve("longhaul");
    }
}
