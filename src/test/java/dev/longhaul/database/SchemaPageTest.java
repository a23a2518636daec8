package dev.longhaul.database;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `db/README.md` tells of the schema that there is.
@ResourceLock(LonghaulTest.SPECIAL)
class SchemaPageTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of("db/README.md"));
    }

    @Test
    void itsDiagramHasTheMovesOfTheDatabase() {
        var drawn = Pattern.compile("(?m)^ +(\\w+) --> (\\w+)").matcher(page).results()
                .map(arrow -> arrow.group(1) + " " + arrow.group(2)).collect(toSet());

        assertThat(drawn).containsExactlyInAnyOrderElementsOf(
                database.asOwner().sql("select from_status || ' ' || to_status from operation_transition")
                .query(String.class).list());
    }

    @Test
    void itNamesEveryTableTriggerRoleAndFile() throws IOException {
        var names = database.asOwner().sql("""
                select relname::text from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
                    and relname <> 'flyway_schema_history'
                union select tgname from pg_trigger where not tgisinternal
                union select rolname from pg_roles where rolname in ('longhaul_owner', 'longhaul_service',
                    'longhaul_reader')
                """).query(String.class).list();

        assertThat(names).hasSizeGreaterThan(15).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
        assertThat(AuditFile.all()).allSatisfy(file -> assertThat(page).contains("db/audit/" + file.name()));
        try (var migrations = Files.list(Path.of("db/migration"))) {
            assertThat(migrations)
                    .allSatisfy(file -> assertThat(page).contains("`migration/" + file.getFileName() + "`"));
        }
    }

    /// Two versions of the service work side by side while one replaces the other, see
    /// [dev.longhaul.promises.TwoVersionsTest].
    @Test
    void everyMigrationSaysFirstWhetherItIsSafeWhileServicesRun() throws IOException {
        try (var migrations = Files.list(Path.of("db/migration"))) {
            assertThat(migrations.filter(file -> file.getFileName().toString().startsWith("V"))).hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(Files.readAllLines(file).getFirst()).as(file.toString())
                    .matches("-- Safe online: (yes|no)\\. [A-Z].+\\."));
        }
    }

    @Test
    void itsStatementsRun() {
        var id = database.submitAndLeadTo("running");
        var statements = Pattern.compile("(?s)```sql\n(.*?)```").matcher(page).results()
                .flatMap(block -> block.group(1).lines()).filter(line -> !line.isBlank())
                        .map(line -> line.replace("<id>", id.toString())).toList();

        assertThat(statements).hasSizeGreaterThan(6).allSatisfy(statement -> {
            if (statement.startsWith("select")) {
                database.asService().sql(statement).query().listOfRows();
            } else {
                assertThat(database.asService().sql(statement).update()).isEqualTo(1);
            }
        });
        assertThat(database.status(id)).isEqualTo("pending");
    }

    @Test
    void aPersonWithARoleOfTheirOwnIsNamedInTheHistory() {
        database.asSuperuser()
                .sql("drop role if exists longhaul_test_ann; create role longhaul_test_ann login in role "
                + "longhaul_service").update();
        try {
            var id = database.submit();
            database.asSuperuser()
                    .sql("set session authorization longhaul_test_ann; update operation set status = 'cancelled' "
                    + "where id = '" + id + "'").update();

            assertThat(database.asReader()
                    .sql("select changed_by || ' via ' || source from audit.operation_history where "
                    + "operation_id = :id and seq = 2")
                    .param("id", id).query(String.class).single()).isEqualTo("longhaul_test_ann via sql");
        } finally {
            database.asSuperuser().sql("drop role longhaul_test_ann").update();
        }
    }
}
