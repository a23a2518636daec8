package dev.longhaul.builtin;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param dir    folder with the files to import, e.g. /var/lib/longhaul/imports; all nodes need the same files
/// @param tables permitted target tables as schema.table, with * for any characters, e.g. import.* or sales.orders_*
@ConfigurationProperties("longhaul.csv-import")
record CsvImportSettings(@DefaultValue("./data/imports") Path dir, @DefaultValue("import.*") List<String> tables) {

    CsvImportSettings {
        tables = List.copyOf(tables);
        for (var pattern : tables) {
            if (!pattern.matches("[^.]+\\.[^.]+")) {
                throw new IllegalArgumentException("longhaul.csv-import.tables must be patterns like import.* or "
                        + "sales.orders, not " + pattern);
            }
        }
    }

    boolean allows(String schema, String table) {
        return tables.stream().anyMatch(pattern -> (schema + "." + table).matches(
                Pattern.quote(pattern).replace("*", "\\E[^.]*\\Q")));
    }
}
