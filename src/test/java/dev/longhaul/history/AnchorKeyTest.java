package dev.longhaul.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.ChainStore;
import dev.longhaul.store.OperationStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// The service extends the hash chain and signs anchors; an auditor can verify them with the public key.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class AnchorKeyTest {

    @Autowired
    OperationStore store;
    @Autowired
    ChainStore chain;
    @Autowired
    JsonMapper json;
    @Value("${test.reader-url}")
    String readerUrl;

    @Test
    void theSignatureOfAnAnchorIsValid(@TempDir Path folder) throws Exception {
        var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var key = new AnchorKey(pem(folder.resolve("anchors-2026.pem"), keys));
        var reader = JdbcClient.create(new DriverManagerDataSource(readerUrl));
        var id = store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0)
                .put("steps", 1)), new Caller("ann", "test")).operation().id();
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                reader.sql("select count(*) from audit.chain_digest s join audit.operation o on o.id = s.operation_id where "
                + "o.id = :id and o.status = 'completed' and s.seq = o.history_seq and s.hash = s.computed")
                .param("id", id.value()).query(Integer.class).single() == 1);   // by the loop of the service

        assertThat(chain.anchor(false)).isPositive();
        key.signAll(chain);

        var anchor = reader.sql("select hash, key_id, signature, chains from audit.anchor order by number desc limit 1")
                .query().singleRow();
        assertThat(anchor).containsEntry("key_id", "anchors-2026").containsEntry("chains", true);
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(keys.getPublic());
        verifier.update(HexFormat.of().parseHex((String) anchor.get("hash")));
        assertThat(verifier.verify(Base64.getMimeDecoder().decode((String) anchor.get("signature")))).isTrue();
        assertThat(chain.unsigned()).isEmpty();
    }

    @Test
    void aFileWithoutAKeyIsRefused(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("anchors.pem"), "no key");

        assertThatThrownBy(() -> new AnchorKey(file))
                .hasMessageStartingWith("longhaul.audit.chain.signing-key must name a file with an Ed25519 private "
                + "key in PEM");
    }

    private static Path pem(Path file, KeyPair keys) throws Exception {
        return Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder()
                .encodeToString(keys.getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n");
    }
}
