package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Two kills during an import; `-Drows=1000000 -Dkills=10` for a long run.
class CsvImportKillTest {

    private static final Logger log = LoggerFactory.getLogger(CsvImportKillTest.class);
    private static final int ROWS = Integer.getInteger("rows", 100_000);
    private static final int CHUNK = ROWS / 200;

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @TempDir
    Path folder;

    @Test
    void everyRowIsImportedExactlyOnceAlthoughTheServiceIsKilled() throws Exception {
        importWithKills("items.csv", Integer.getInteger("kills", 2));
    }

    @Test
    void theImportOfACompressedFileResumesAfterAKill() throws Exception {
        importWithKills("items.csv.gz", 1);
    }

    private void importWithKills(String file, int kills) throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        generate(folder.resolve(file));
        log.info("seed {}, {} is {}", seed, file, HumanFormat.bytes(Files.size(folder.resolve(file))));
        var port = Service.freePort();
        var service = start(port);
        try {
            service.awaitUp();
            createTable();
            var id = sql.sql("insert into operation (type, input) values ('csv_import', jsonb_build_object('file', "
                    + ":file::text, 'table', 'import.item', 'chunk_rows', :chunk::int)) returning id")
                    .param("file", file).param("chunk", CHUNK).query(UUID.class).single();
            for (var kill = 0; kill < kills; kill++) {
                var chunk = (int) (ROWS / CHUNK * (kill + random.nextDouble() * 0.9) / kills);
                await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2))
                        .until(() -> chunks(id) >= chunk);
                service.awaitExit(Duration.ofMillis(random.nextInt(20)));
                service.kill();
                log.info("killed after {} of {} chunks", chunks(id), ROWS / CHUNK);
                service = start(port);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> status(id).equals("completed"));
            log.info("completed: {}",
                    sql.sql("select concat_ws(', ', 'attempt ' || attempt, finished_at - started_at, message) from "
                    + "operation where id = :id")
                    .param("id", id).query(String.class).single());
        } finally {
            service.close();
        }
        assertThat(sql.sql("select count(*) from import.item").query(Integer.class).single()).isEqualTo(ROWS);
        assertThat(checksum("import.item"))
                .isEqualTo(checksum(("generate_series(1, %d) as n, lateral (select n as id, case when mod(n, 7) = 0 "
                + "then E'the name,\\nof ' else 'the name, of ' end || n as name, n / 100.0 as price) as item")
                .formatted(ROWS)));
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.lease=3s", "--longhaul.csv-import.dir=" + folder);
    }

    private void createTable() {
        sql.sql("""
                create schema import;
                create table import.item (id int, name text, price numeric);
                grant usage on schema import to longhaul_service;
                grant insert on import.item to longhaul_service;
                """).update();
    }

    private static void generate(Path file) throws IOException {
        try (var out = open(file)) {
            out.write("id,name,price\n".getBytes(StandardCharsets.UTF_8));
            var line = new StringBuilder();
            for (var n = 1; n <= ROWS; n++) {
                line.setLength(0);
                line.append(n).append(n % 7 == 0 ? ",\"the name,\nof " : ",\"the name, of ").append(n).append("\",")
                        .append(n / 100).append('.').append(n % 100 / 10).append(n % 10).append('\n');
                out.write(line.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static OutputStream open(Path file) throws IOException {
        var out = Files.newOutputStream(file);
        return new BufferedOutputStream(file.toString().endsWith(".gz") ? new GZIPOutputStream(out) : out, 1 << 16);
    }

    private int chunks(UUID id) {
        return sql.sql("select count(*) from operation_step where operation_id = :id").param("id", id)
                .query(Integer.class).single();
    }

    private String status(UUID id) {
        return sql.sql("select status from operation where id = :id").param("id", id).query(String.class).single();
    }

    private long checksum(String rows) {
        return sql.sql("select sum(hashtext(id || name || price::numeric(12, 2))::bigint) from " + rows)
                .query(Long.class).single();
    }
}
