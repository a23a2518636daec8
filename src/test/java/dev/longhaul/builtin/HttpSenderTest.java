package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.outbound.OutboundClient;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSenderTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    @Test
    void anUntrustedCertificateIsRefused() throws Exception {
        var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        server.start();
        try (var sender = new HttpSender(settings("127.0.0.1"))) {
            assertThatThrownBy(() -> sender.send(get("https://127.0.0.1:" + server.getAddress().getPort() + "/")))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("unable to find valid certification path");
        } finally {
            server.stop(0);
        }
    }

    private SSLContext selfSigned() throws Exception {
        var store = folder.resolve("keys.p12");
        assertThat(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-alias", "a",
                "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1", "-keystore", store.toString(), "-storepass",
                "only-in-tests").inheritIO().start().waitFor()).isZero();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), "only-in-tests".toCharArray()), "only-in-tests".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void aSlowBodyTimesOut() throws IOException {
        try (var host = new TestHttpServer(); var sender = new HttpSender(settings("127.0.0.1"))) {
            host.respond("/x", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                while (true) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    LockSupport.parkNanos(50_000_000);
                }
            });
            assertThatThrownBy(() -> sender.send(get(host.url("/x"))))
                    .hasMessage("the body did not arrive within PT1S");
        }
    }

    @ParameterizedTest
    @CsvSource({"api.example.org, true", "API.example.org, true", "example.org, false",
            "api.example.org.evil.example, false", "xapi.example.org, false",
            "a.example.net, true", "a.b.example.net, true", "example.net, false", "badexample.net, false",
            "10.0.0.1, false"})
    void aHostIsAllowedByItsNameOrItsDomain(String host, boolean allowed) {
        var settings = settings("Api.example.org", "*.example.net");
        var name = OutboundClient.host(URI.create("https://" + host + ":8443/x"));

        if (allowed) {
            assertThatCode(() -> settings.requireAllowed(name)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> settings.requireAllowed(name)).hasMessageContaining("is not allowed");
        }
    }

    @ParameterizedTest
    @CsvSource({"https://api.example.org", "*", "api.example.org:443", "a/b", "''"})
    void anInvalidHostNameInASettingIsRefusedAtStart(String host) {
        assertThatThrownBy(() -> settings(host))
                .hasMessageStartingWith(
                "longhaul.http-request.allowed-hosts must be host names without scheme and port");
    }

    private static HttpRequestSettings settings(String... hosts) {
        return new HttpRequestSettings(List.of(hosts), List.of("127.0.0.1"), SECOND, SECOND, SECOND, SECOND);
    }

    private static HttpCall get(String url) {
        return new HttpCall("GET", URI.create(url), Map.of(), null, HttpCall.Purpose.REQUEST);
    }
}
