package dev.longhaul.builtin;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One request, ready to be sent.
///
/// @param headers by name, without regard to case
/// @param purpose what its answer is to the task
record HttpCall(String method, URI url, Map<String, String> headers, byte @Nullable [] body, Purpose purpose) {

    /// What an answer tells: the result or where to ask for it; 202 or the result; the state of the work in a field
    /// `status`.
    enum Purpose { REQUEST, POLL, MONITOR }

    /// What does not tell another host more than it has to know.
    private static final Set<String> HARMLESS = Set.of("accept", "accept-language", "content-type", "idempotency-key",
            "user-agent");
    private static final Set<String> OF_THE_BODY = Set.of("content-type", "content-language", "content-encoding",
            "idempotency-key");

    HttpCall {
        var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = byName;
    }

    /// As browsers do: 307 and 308 repeat the request, the others ask for what is at the new place.
    HttpCall redirected(int status, URI target) {
        return status == 307 || status == 308 || method.equals("GET") || method.equals("HEAD")
                ? to(method, target, body, purpose) : to("GET", target, null, purpose);
    }

    HttpCall polling(URI target, Purpose purpose) {
        return to("GET", target, null, purpose);
    }

    private HttpCall to(String method, URI target, byte @Nullable [] body, Purpose purpose) {
        var kept = new TreeMap<>(headers);
        var sameOrigin = origin(url).equals(origin(target));
        kept.keySet().removeIf(name -> !sameOrigin && !HARMLESS.contains(name.toLowerCase(Locale.ROOT))
                || !method.equals(this.method) && OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT)));
        return new HttpCall(method, target, kept, body, purpose);
    }

    private static String origin(URI url) {
        var scheme = url.getScheme().toLowerCase(Locale.ROOT);
        return scheme + "://" + AllowedHosts.host(url) + ":"
                + (url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80);
    }
}
