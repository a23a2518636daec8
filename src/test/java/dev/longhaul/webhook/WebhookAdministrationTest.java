package dev.longhaul.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Creates, refuses and deletes webhooks, and purges deliveries.
class WebhookAdministrationTest extends WebhookTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"url": "https://10.0.0.7/x", "events": ["operation.failed"]}                              | invalid-request
            {"url": "https://localhost/x", "events": ["operation.failed"]}                             | invalid-request
            {"url": "https://169.254.169.254/latest", "events": ["operation.failed"]}                  | invalid-request
            {"url": "https://[::ffff:10.0.0.1]/", "events": ["operation.failed"]}                      | invalid-request
            {"url": "http://hooks.example.org/", "events": ["operation.failed"]}                       | invalid-request
            {"url": "ftp://hooks.example.org/", "events": ["operation.failed"]}                        | invalid-request
            {"url": "https://ann:secret@hooks.example.org/", "events": ["operation.failed"]}           | invalid-request
            {"url": "nonsense", "events": ["operation.failed"]}                                        | invalid-request
            {"url": "https://hooks.example.org/", "events": ["operation.exploded"]}                    | invalid-request
            {"url": "https://hooks.example.org/", "events": []}                                        | input-invalid
            {"url": "https://hooks.example.org/", "events": ["operation.failed"], "filter": "size:9"}  | invalid-filter
            {"events": ["operation.failed"]}                                                           | input-invalid
            """)
    void anInvalidWebhookIsRefused(String body, String code) throws Exception {
        assertThat(call("POST", "webhooks", body).body().path("code").asString()).isEqualTo(code);
        assertThat(call("GET", "webhooks", null).body().path("webhooks")).isEmpty();
    }

    @Test
    void anUnknownWebhookIsNotFound() throws Exception {
        for (var path : List.of("webhooks/0f8fad5b-d9cb-469f-a165-70867728950e:test",
                "webhooks/0f8fad5b-d9cb-469f-a165-70867728950e:rotateSecret")) {
            assertThat(call("POST", path, null).status()).as(path).isEqualTo(404);
        }
        assertThat(call("PATCH", "webhooks/0f8fad5b-d9cb-469f-a165-70867728950e", "{\"enabled\": false}").status())
                .isEqualTo(404);
        assertThat(call("GET", "webhooks/7", null).status()).isEqualTo(400);
    }

    @Test
    void oldFinishedDeliveriesArePurgedAndUnfinishedOnesStay() throws Exception {
        answers = count -> count <= 2 ? 200 : 503;
        var added = add("[\"operation.completed\"]");
        run(tag);
        run(tag);
        await().until(() -> deliveries(added).stream().filter(delivery -> delivery.path("status").asString()
                .equals("completed")).count() == 2);
        run(tag);
        await().until(() -> deliveries(added).getFirst().path("response_status").asInt() == 503);
        var recent = deliveries(added).get(1).path("delivery_id").asString();
        JdbcClient.create(new DriverManagerDataSource(superuserUrl))
                .sql("update webhook_delivery set created_at = now() - interval '31 days' where id <> :recent::uuid")
                .param("recent", recent).update();

        assertThat(cleanup.purge(Duration.ofDays(30))).isEqualTo(1);

        assertThat(deliveries(added).stream().map(delivery -> delivery.path("delivery_id").asString() + " "
                + delivery.path("response_status").asInt()).toList())
                .as("a recent one, and one that is still retried").hasSize(2).contains(recent + " 200")
                .anyMatch(delivery -> delivery.endsWith(" 503"));
        assertThat(sql.sql("select count(*) from webhook_attempt").query(Long.class).single()).as("tries").isEqualTo(2);
        assertThatThrownBy(() -> cleanup.purge(Duration.ofHours(1))).hasMessageContaining("at least a day");
    }

    @Test
    void aDeletedWebhookIsGoneAtOnceAndItsDeliveriesAreDeletedInBatches() throws Exception {
        var webhook = id(add("[\"operation.completed\"]"));
        var superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        cleanup.purge(Duration.ofDays(30));   // deliveries of webhooks that other tests deleted
        superuser.sql("""
                insert into webhook_delivery (webhook_id, event, payload, delivery_operation_id)
                select '%s', 'operation.completed', '{}', gen_random_uuid() from generate_series(1, 2500);
                create table deleted_batch (size bigint);
                create function count_deleted() returns trigger language plpgsql security definer as
                'begin insert into deleted_batch select count(*) from old_rows; return null; end';
                create trigger count_deleted after delete on webhook_delivery referencing old table as old_rows
                    for each statement execute function count_deleted();
                """.formatted(webhook)).update();

        assertThat(call("DELETE", "webhooks/" + webhook, null).status()).isEqualTo(204);
        assertThat(call("GET", "webhooks/" + webhook, null).status()).isEqualTo(404);
        cleanup.purge(Duration.ofDays(30));

        assertThat(superuser.sql("select max(size) || ' of ' || sum(size) from deleted_batch").query(String.class)
                .single()).isEqualTo("1000 of 2500");
        assertThat(superuser.sql("select count(*) from webhook where id = :id::uuid").param("id", webhook)
                .query(Long.class).single()).isZero();
    }
}
