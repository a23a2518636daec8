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
        superuser.sql("select add_partition(:day, :day::date + 1)").param("day", day).query((_, _) -> day).single();
    }
}
