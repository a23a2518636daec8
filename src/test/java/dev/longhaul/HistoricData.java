package dev.longhaul;

import java.time.LocalDate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// What was long ago, written now: no service makes partitions of days that are over, and no trigger lets anybody write
/// their history.
public final class HistoricData {

    private HistoricData() {
    }

    /// @return somebody for whom no trigger fires
    public static JdbcClient writer(String superuserUrl) {
        return JdbcClient.create(new DriverManagerDataSource(superuserUrl + (superuserUrl.contains("?") ? "&" : "?")
                + "options=-c%20session_replication_role=replica"));
    }

    /// Makes the day's partitions, as the service made them the day before.
    public static void makePartitions(JdbcClient superuser, LocalDate day) {
        superuser.sql("""
                do $$
                declare root text; part text; day date := '%s';
                begin
                    foreach root in array operation_roots() loop
                        part := root || to_char(day, '_YYYY_MM_DD');
                        execute format('create table %%I partition of %%I for values from (%%L) to (%%L)', part, root,
                            operation_id_at(day::timestamp at time zone 'UTC'), operation_id_at((day + 1)::timestamp at time zone 'UTC'));
                        execute format('alter table %%I owner to longhaul_owner', part);
                        perform tune_partition(root, part);
                    end loop;
                end
                $$""".formatted(day)).update();
    }
}
