package dev.longhaul.builtin;

import dev.longhaul.outbound.OutboundClient;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A request, ready to be sent.
///
/// @param headers by case-insensitive name
/// @param purpose how to interpret the reply
record HttpCall(String method, URI url, Map<String, String> headers, byte @Nullable [] body, Purpose purpose) {

    /// `REQUEST`: the reply is the result or says where to poll. `POLL`: 202 or the result. `MONITOR`: a field `status`
    /// has the state of the work.
    enum Purpose { REQUEST, POLL, MONITOR }

    /// Headers that may be sent to another origin.
    private static final Set<String> CROSS_ORIGIN_HEADERS = Set.of("accept", "accept-language", "content-type",
            "idempotency-key",
            "user-agent");
    private static final Set<String> BODY_HEADERS = Set.of("content-type", "content-language", "content-encoding",
            "idempotency-key");

    HttpCall {
        var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = byName;
    }

    /// Like browsers: 307 and 308 repeat the request; other redirects send a GET.
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
        kept.keySet().removeIf(name -> !sameOrigin && !CROSS_ORIGIN_HEADERS.contains(name.toLowerCase(Locale.ROOT))
                || !method.equals(this.method) && BODY_HEADERS.contains(name.toLowerCase(Locale.ROOT)));
        return new HttpCall(method, target, kept, body, purpose);
    }

    private static String origin(URI url) {
        var scheme = url.getScheme().toLowerCase(Locale.ROOT);
        return scheme + "://" + OutboundClient.host(url) + ":"
                + (url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80);
    }
}
