package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.types.InputTypes;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import retiring.OldController;

/// An endpoint that will go says so in every answer (RFC 9745, RFC 8594), and in the document.
@LonghaulTest
@Import(OldController.class)
class RetiringTest {

    @LocalServerPort
    int port;
    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mapping;
    @Autowired
    InputTypes types;

    @Test
    void everyAnswerSaysSinceWhenUntilWhenAndWhatToUseInstead() throws Exception {
        var answer = new RestClient(port).get("/api/v1/old");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Deprecation")).isEqualTo("@1796083200");   // 2026-12-01T00:00:00Z
        assertThat(answer.header("Sunset")).isEqualTo("Tue, 01 Jun 2027 00:00:00 GMT");
        assertThat(answer.response().headers().allValues("Link")).containsExactlyInAnyOrder(
                "</docs/index.html#new>; rel=\"deprecation\"; type=\"text/html\"",
                "</api/v1/old?page=2>; rel=\"next\"");
    }

    @Test
    void soDoesARefusal() throws Exception {
        var client = new RestClient(port);
        for (var path : new String[] {"/api/v1/older", "/api/v1/older?colour=red"}) {
            var answer = client.get(path);
            assertThat(answer.status()).as(path).isGreaterThanOrEqualTo(400);
            assertThat(answer.header("Deprecation")).as(path).isEqualTo("@1796083200");
            assertThat(answer.header("Sunset")).as(path).isNull();
        }
        assertThat(client.get("/api/v1/whoami").header("Deprecation")).isNull();
    }

    @Test
    void soDoesTheDocument() {
        var document = new OpenApi(mapping, types).document();

        assertThat(document.at("/paths/~1api~1v1~1old/get/deprecated").asBoolean()).isTrue();
        assertThat(document.at("/paths/~1api~1v1~1old/get/description").asString())
                .isEqualTo("Deprecated since 2026-12-01; it may stop to answer on 2027-06-01. Instead: "
                        + "/docs/index.html#new");
        assertThat(document.at("/paths/~1api~1v1~1older/get/description").asString())
                .isEqualTo("Deprecated since 2026-12-01. Instead: /docs/index.html#new As ever.");
        assertThat(document.at("/paths/~1api~1v1~1whoami/get").has("deprecated")).isFalse();
    }
}
