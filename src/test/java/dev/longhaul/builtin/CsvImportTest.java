package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// Longer than 300 lines: a second class with this folder would start a second service.
@LonghaulTest
class CsvImportTest {

    @TempDir
    static Path outside;
    static Path folder;

    OperationSubmitter operations;
    JdbcClient sql;

    @DynamicPropertySource
    static void importFolder(DynamicPropertyRegistry registry) throws IOException {
        folder = Files.createDirectory(outside.resolve("imports"));
        registry.add("longhaul.csv-import.dir", () -> folder);
        registry.add("longhaul.csv-import.tables", () -> "import.*,public.*,sales.orders_*");
        registry.add("longhaul.engine.backoff", () -> "50ms");
    }

    @BeforeEach
    void createTable(@Autowired TaskRegistry tasks, @Autowired OperationStore store, @Autowired JsonMapper json,
            @Value("${test.superuser-url}") String superuserUrl) {
        operations = new OperationSubmitter(tasks, store, json);
        sql = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        sql.sql("""
                drop schema if exists import cascade;
                create schema import;
                create table import.item (id int primary key, name text, price numeric(10, 2), day date);
                grant usage on schema import to longhaul_service;
                grant insert, select on import.item to longhaul_service;
                """).update();
    }

    @Test
    void everyRowOfTheFileIsInserted() throws IOException {
        write("items.csv", "id,name,price,day\n" + lines(1, 25_000));

        var operation =
                operations.run("csv_import", "{'file': 'items.csv', 'table': 'import.item', 'chunk_rows': 1000}");

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.progress().message()).isEqualTo("25,000 rows imported into import.item");
        assertThat(operation.output().get("rows").asInt()).isEqualTo(25_000);
        assertThat(operation.output().get("bytes").asLong()).isEqualTo(Files.size(folder.resolve("items.csv")));
        assertThat(rows()).hasSize(25_000).startsWith("(1,\"name 1\",0.01,2026-01-02)")
                .endsWith("(25000,\"name 25000\",250.00,2026-01-01)");
        assertThat(steps(operation.id().value())).as("25 chunks, and the empty last one").isEqualTo(26);
    }

    @Test
    void quotesLineEndsAndSpecialCharactersInFieldsArePreserved() throws IOException {
        write("special.csv", """
                \uFEFFid,name,price,day\r
                1,"two\r
                lines",1.5,2026-01-02\r

                2,"say ""hi"", \\N \\. it's",,\r
                3,"tab\there – ünï 🚚 \\x",0,2026-02-28
                4,"",,2026-01-02\r5,,,\n""");

        operations.output("csv_import", "{'file': 'special.csv', 'table': 'import.item'}");

        assertThat(sql.sql("select name from import.item order by id").query(String.class).list())
                .containsExactly("two\r\nlines", "say \"hi\", \\N \\. it's", "tab\there – ünï 🚚 \\x", "", null);
    }

    @Test
    void theFileMayBeCompressed() throws IOException {
        try (var packed = new GZIPOutputStream(Files.newOutputStream(folder.resolve("items.csv.gz")))) {
            packed.write(("id,name,price,day\n" + lines(1, 30_000)).getBytes(StandardCharsets.UTF_8));
        }

        operations.output("csv_import", "{'file': 'items.csv.gz', 'table': 'item', 'chunk_rows': 7000}");

        assertThat(rows()).hasSize(30_000);
    }

    @Test
    void columnsDelimiterNullTextAndEncodingAreOptions() throws IOException {
        Files.write(folder.resolve("latin.csv"),
                "Größe;Nr\nmüßig;1\nNULL;2\n\"NULL\";3\n".getBytes(Charset.forName("windows-1252")));

        operations.output("csv_import", """
                {'file': 'latin.csv', 'table': 'import.item', 'columns': ['name', 'id'], 'delimiter': ';', \
                'null_text': 'NULL', 'encoding': 'windows-1252'}""");

        assertThat(rows()).containsExactly("(1,müßig,,)", "(2,,,)", "(3,NULL,,)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7,x,1                        | line 202: 4 fields were expected, not 3
            7,x,1,2026-01-01,            | line 202: 4 fields were expected, not 5
            seven,x,1,2026-01-01         | line 202: column id: invalid input syntax for type integer: "seven"
            7,x,1e9,2026-01-01           | line 202: column price: numeric field overflow (A field with precision 10, \
            scale 2 must round to an absolute value less than 10^8.)
            7,x,1,2026-02-30             | line 202: column day: date/time field value out of range: "2026-02-30"
            7,x,1,2026-01-01             | line 202: duplicate key value violates unique constraint "item_pkey" (Key \
            (id)=(7) already exists.)
            ,x,1,2026-01-01              | line 202: null value in column "id" of relation "item" violates not-null \
            constraint (Failing row contains (null, x, 1.00, 2026-01-01).)
            7,"x"y,1,2026-01-01          | line 202: Unexpected character after closing quote: 'y' (0x79)
            7,"x,1,2026-01-01            | line 202: Unclosed quoted field at end of input
            """, quoteCharacter = '\0')
    void anInvalidRowEndsTheImportWithItsLineAndTheReason(String row, String error) throws IOException {
        write("bad.csv", "id,name,price,day\n" + lines(1, 200) + row + "\n" + lines(201, 300));

        assertThat(operations.error("csv_import", "{'file': 'bad.csv', 'table': 'import.item', 'chunk_rows': 100}"))
                .startsWith(error);
        assertThat(rows()).as("rows of the earlier chunks").hasSize(200);
    }

    @Test
    void afterTheRowIsFixedTheImportResumes() throws IOException {
        write("fixed.csv", "id,name,price,day\n" + lines(1, 250) + "x,x,x,x\n" + lines(251, 300));
        var id = operations.start("csv_import", "{'file': 'fixed.csv', 'table': 'import.item', 'chunk_rows': 100}");
        assertThat(operations.end(id).error().message())
                .isEqualTo("line 252: column id: invalid input syntax for type integer: \"x\". "
                + "The 200 rows of the chunks before stay in import.item");

        write("fixed.csv", "id,name,price,day\n" + lines(1, 300));
        operations.store().runAgain(id, "fixed", new Caller("ann", "test"));

        assertThat(operations.end(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(rows()).hasSize(300);
    }

    @Test
    void anImportDoesNotResumeIfTheImportedPartOfTheFileHasChanged() throws IOException {
        write("changed.csv", "id,name,price,day\n" + lines(1, 250) + "x,x,x,x\n");
        var id = operations.start("csv_import", "{'file': 'changed.csv', 'table': 'import.item', 'chunk_rows': 100}");
        operations.end(id);

        write("changed.csv", "id,name,price,day\n" + lines(11, 300));
        operations.store().runAgain(id, null, new Caller("ann", "test"));

        assertThat(operations.end(id).error().message()).startsWith("the file was changed at or before line 201");
        assertThat(rows()).hasSize(200);
    }

    @Test
    void invalidRowsAreSkippedAndCountedOnRequest() throws IOException {
        sql.sql("create table import.kind (kind text primary key); insert into import.kind values ('a'), ('b');"
                + "alter table import.item add kind text references import.kind, add check (price < 1000);"
                + "grant select on import.kind to longhaul_service").update();
        write("mixed.csv", "id,price,kind\n" + IntStream.rangeClosed(1, 5_000)
                        .mapToObj(n -> n % 1000 == 1 ? n + ",1,no such kind\n" : n % 1000 == 2 ? n + ",2000,a\n"
                        : n % 1000 == 3 ? "x,1,b\n" : n % 1000 == 4 ? "1,1\n" : n % 1000 == 6 ? n - 1 + ",1,b\n"
                        : n % 1000 == 7 ? "\0,1,b\n" : n + ",1,b\n").collect(Collectors.joining()));

        var output = operations.output("csv_import",
                "{'file': 'mixed.csv', 'table': 'import.item', 'chunk_rows': 500, 'on_bad_row': 'skip'}");

        assertThat(output.get("skipped").asInt()).isEqualTo(30);
        assertThat(output.get("rows").asInt()).isEqualTo(4_970);
        assertThat(rows()).hasSize(4_970);
        assertThat(output.get("skipped_rows")).hasSize(20);
        assertThat(output.get("skipped_rows").values().stream().limit(7).map(row -> row.get("line") + ": "
                + row.get("reason").asString()).toList()).containsExactly(
                "2: insert or update on table \"item\" violates foreign key constraint \"item_kind_fkey\" (Key "
                + "(kind)=(no such kind) is not present in table \"kind\".)",
                "3: new row for relation \"item\" violates check constraint \"item_price_check\" (Failing row "
                + "contains (2, null, 2000.00, null, a).)",
                "4: column id: invalid input syntax for type integer: \"x\"",
                "5: 3 fields were expected, not 2",
                "7: duplicate key value violates unique constraint \"item_pkey\" (Key (id)=(5) already exists.)",
                "8: invalid byte sequence for encoding \"UTF8\": 0x00",
                "1002: insert or update on table \"item\" violates foreign key constraint \"item_kind_fkey\" (Key "
                + "(kind)=(no such kind) is not present in table \"kind\".)");
    }

    @Test
    void bytesThatAreInvalidInTheEncodingMakeARowInvalid() throws IOException {
        Files.write(folder.resolve("bytes.csv"),
                "id,name\n1,fine\n2,\u00e4\n3,fine\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(operations.error("csv_import", "{'file': 'bytes.csv', 'table': 'import.item'}"))
                .startsWith("line 3: invalid byte sequence for encoding \"UTF8\": 0xe4 0x0a");
    }

    @Test
    void aFileWithOnlyInvalidRowsCompletes() throws IOException {
        write("all-bad.csv", "id,name,price,day\n" + "x,x,x,x\n".repeat(3_000));

        assertThat(operations.output("csv_import",
                "{'file': 'all-bad.csv', 'table': 'import.item', 'on_bad_row': 'skip'}").get("skipped").asInt())
                .isEqualTo(3_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.csv", "a/../../secret.csv", "link.csv", "linked/secret.csv"})
    void noPathLeadsOutOfTheImportFolder(String file) throws IOException {
        Files.writeString(outside.resolve("secret.csv"), "id\n1\n");
        Files.createDirectories(folder.resolve("a"));
        for (var link : List.of("link.csv", "linked")) {
            Files.deleteIfExists(folder.resolve(link));
        }
        Files.createSymbolicLink(folder.resolve("link.csv"), outside.resolve("secret.csv"));
        Files.createSymbolicLink(folder.resolve("linked"), outside);

        assertThat(operations.error("csv_import", "{'file': '%s', 'table': 'import.item'}".formatted(file)))
                .isEqualTo("file must stay below the import folder; \"" + file + "\" leads out of it");
    }

    @Test
    void anUnreadableFileIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        write("empty.csv", "\n\n");
        write("packed.csv.gz", "id\n1\n");
        Files.write(folder.resolve("cut.csv.gz"), List.of());

        assertThat(error("/etc/passwd"))
                .isEqualTo("file must be a path below the import folder, not the absolute path \"/etc/passwd\"");
        assertThat(error("none.csv"))
                .isEqualTo("there is no file \"none.csv\" in the import folder (longhaul.csv-import.dir)");
        assertThat(error("a")).isEqualTo("\"a\" in the import folder is not a file");
        assertThat(error("empty.csv")).isEqualTo("the file is empty: a header row was expected");
        assertThat(error("packed.csv.gz")).isEqualTo("the file is not a complete gzip file: Not in GZIP format");
        assertThat(error("cut.csv.gz")).startsWith("the file is not a complete gzip file");
    }

    private String error(String file) {
        return operations.error("csv_import", "{'file': '%s', 'table': 'import.item'}".formatted(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sales.items         | table sales.items is not permitted for imports: longhaul.csv-import.tables allows \
            import.*, public.*, sales.orders_*
            sales.orders_2026   | there is no table sales.orders_2026 in database
            import.none         | there is no table import.none in database
            public.operation    | table public.operation is in the schema of Longhaul's own tables, where imports are \
            not permitted
            a.b.c               | table must be a name like import.orders, not "a.b.c"
            import."item"       | there is no table import."item" in database
            import.forbidden    | role longhaul_service may not insert into import.forbidden; its owner can allow it: \
            grant usage on schema import to longhaul_service; grant insert on import.forbidden to longhaul_service
            import.narrow       | table import.narrow has no column "name", "price"; it has: id, day
            import.computed     | PostgreSQL refuses the import into import.computed: column "price" is a generated \
            column
            """, quoteCharacter = '\0')
    void onlyPermittedAndMatchingTablesAreWritten(String table, String error) throws IOException {
        sql.sql("""
                create table import.forbidden (id int, name text, price numeric, day date);
                create table import.narrow (id int, day date);
                create table import.computed (id int, name text, price numeric generated always as (id * 2) stored, \
                day date);
                grant insert on import.narrow, import.computed to longhaul_service;
                """).update();
        write("items.csv", "id,name,price,day\n" + lines(1, 3));

        assertThat(operations.error("csv_import",
                "{'file': 'items.csv', 'table': '%s'}".formatted(table.replace("\"", "\\u0022")))).startsWith(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'delimiter': ';;'        | delimiter must be one ASCII character and neither quote nor line end, not ";;"
            'encoding': 'klingon'    | encoding must be a known one, e.g. UTF-8 or windows-1252, not "klingon"
            'columns': []            | columns must name at least one column, or be left out
            'chunk_rows': 1          | chunk_rows: must have a minimum value of 100, not 1
            'on_bad_row': 'ignore'   | on_bad_row
            'number_format': '1,5'   | number_format must be the number 1234.56 as the file writes it
            'date_format': 'dd.MM'   | date_format must be the last day of 2026 as the file writes it
            'rows': 1                | rows
            """, quoteCharacter = '\0')
    void anInvalidInputIsRefusedAtSubmission(String setting, String error) {
        assertThatThrownBy(() -> operations.start("csv_import",
                "{'file': 'items.csv', 'table': 'import.item', %s}".formatted(setting)))
                .isInstanceOf(InvalidInput.class).hasMessageContaining(error);
    }

    @Test
    void aColumnOfTheFileCanBeLeftOut() throws IOException {
        write("more.csv", "comment,id,note,name\nx,1,y,one\n,2,,two\n");

        operations.output("csv_import",
                "{'file': 'more.csv', 'table': 'import.item', 'columns': ['', 'id', '', 'name']}");

        assertThat(rows()).containsExactly("(1,one,,)", "(2,two,,)");
        assertThatThrownBy(() -> operations.start("csv_import",
                "{'file': 'more.csv', 'table': 'import.item', 'columns': ['', '']}"))
                .isInstanceOf(InvalidInput.class).hasMessageContaining("columns must name at least one column");
    }

    @Test
    void rowsWithOnlyEmptyFieldsAreSkippedOnRequest() throws IOException {
        write("gaps.csv", "id,name\n1,one\n,\n2,two\n,\n".replace("\n2", "\n,\n2"));

        assertThat(operations.error("csv_import", "{'file': 'gaps.csv', 'table': 'import.item'}"))
                .startsWith("line 3: ");
        var output = operations.output("csv_import",
                "{'file': 'gaps.csv', 'table': 'import.item', 'skip_empty_rows': true}");

        assertThat(output.get("rows").asInt() + " rows, " + output.get("skipped").asInt() + " skipped")
                .isEqualTo("2 rows, 0 skipped");
    }

    @Test
    void theEncodingIsCheckedBeforeTheHeaderRow() throws IOException {
        Files.write(folder.resolve("wide.csv"), "id,name\n1,one\n".getBytes(StandardCharsets.UTF_16));

        assertThat(operations.error("csv_import",
                "{'file': 'wide.csv', 'table': 'import.item', 'encoding': 'UTF-16'}"))
                .startsWith("encoding must be a server encoding of PostgreSQL");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.234,56 | 31.12.2026 | 1;"1.234.567,89";03.04.2026 | (1,,1234567.89,2026-04-03)
            1234,56  | 31/12/2026 | 1;12,5;3/4/2026             | (1,,12.50,2026-04-03)
            1'234.56 | 12/31/2026 | 1;-1'234.5;3/4/2026         | (1,,-1234.50,2026-03-04)
            1 234,56 | 2026-12-31 | 1;+1 234;2026/4/3           | (1,,1234.00,2026-04-03)
            1.234,56 | 31.12.2026 | 1;;                         | (1,,,)
            """, quoteCharacter = '\0')
    void numbersAndDatesMayHaveFormatsOfTheirOwn(String number, String date, String line, String row)
            throws IOException {
        write("german.csv", "id;price;day\n" + line + "\n");

        operations.output("csv_import", """
                {'file': 'german.csv', 'table': 'import.item', 'delimiter': ';', 'number_format': '%s', \
                'date_format': '%s'}""".formatted(number.replace("'", "\\u0027"), date));

        assertThat(rows()).containsExactly(row);
    }

    @Test
    void aNumberOfAnotherFormatIsAnInvalidRow() throws IOException {
        write("mixed.csv", "id;price\n1;1,5\n2;1.5\n3;2,5\n");

        assertThat(operations.error("csv_import",
                "{'file': 'mixed.csv', 'table': 'import.item', 'delimiter': ';', 'number_format': '1.234,56'}"))
                .startsWith("line 3: column price: \"1.5\" is not a number such as 1.234,56");
        var output = operations.output("csv_import", """
                {'file': 'mixed.csv', 'table': 'import.item', 'delimiter': ';', 'number_format': '1.234,56', \
                'on_bad_row': 'skip'}""");
        assertThat(output.get("rows").asInt() + " " + output.get("skipped").asInt()).isEqualTo("2 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quotes.csv", "quotes.csv.gz"})
    void aMalformedQuoteIsSkippedWithItsLineAlone(String file) throws IOException {
        var content = "id,name,price,day\n" + lines(1, 250) + "7001,\"open,1,2026-01-01\n" + lines(251, 300)
                + "7002,\"x\"y,1,2026-01-01\r\n" + lines(301, 400) + "7003,\"open to the end";
        if (file.endsWith(".gz")) {
            try (var packed = new GZIPOutputStream(Files.newOutputStream(folder.resolve(file)))) {
                packed.write(content.getBytes(StandardCharsets.UTF_8));
            }
        } else {
            write(file, content);
        }

        var output = operations.output("csv_import",
                "{'file': '%s', 'table': 'import.item', 'chunk_rows': 100, 'on_bad_row': 'skip'}".formatted(file));

        assertThat(rows()).hasSize(400);
        assertThat(output.get("skipped_rows").valueStream().map(row -> row.get("line").asInt() + " "
                + row.get("reason").asString().replaceFirst("[:].*", "")).toList()).containsExactly(
                "252 Unexpected character after closing quote", "303 Unexpected character after closing quote",
                "404 Unclosed quoted field at end of input");
    }

    @Test
    void anEncodingThatPostgresqlDoesNotSupportIsRefused() throws IOException {
        write("items.csv", "id\n1\n");

        assertThat(operations.error("csv_import",
                "{'file': 'items.csv', 'table': 'import.item', 'encoding': 'Shift_JIS'}"))
                .startsWith("encoding must be a server encoding of PostgreSQL");
    }

    @Test
    void aHeaderWithADuplicateColumnIsRefused() throws IOException {
        write("twice.csv", "id,id\n1,1\n");

        assertThat(operations.error("csv_import", "{'file': 'twice.csv', 'table': 'import.item'}"))
                .isEqualTo("columns must not repeat a name, as in \"id, id\"");
        assertThat(operations.error("csv_import", "{'file': 'twice.csv', 'table': 'import.item', 'columns': ['id']}"))
                .isEqualTo("columns must name one column for each of the 2 fields of the header row, not 1");
    }

    private static void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }

    private static String lines(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(n -> "%d,name %d,%d.%02d,2026-01-%02d\n".formatted(n, n, n / 100, n % 100, n % 25 + 1))
                .collect(Collectors.joining());
    }

    private List<String> rows() {
        return sql.sql("select item::text from import.item order by id").query(String.class).list();
    }

    private int steps(UUID id) {
        return sql.sql("select count(*) from operation_step where operation_id = :id").param("id", id)
                .query(Integer.class).single();
    }
}
