package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What must hold of every history, whatever was done to nodes and database meanwhile.
final class HistoryChecker {

    private final JdbcClient sql;

    /// @param sql as somebody who may read everything
    HistoryChecker(JdbcClient sql) {
        this.sql = sql;
    }

    void allAreCompletedOnce() {
        assertThat(sql.sql("select id || ' ' || status || ' ' || coalesce(error ->> 'message', '') from operation "
                + "where status <> 'completed'").query(String.class).list())
                .as("operations that are not completed").isEmpty();
        assertThat(count("""
                select count(*) from (select operation_id from operation_history where to_status = 'completed'
                                      group by operation_id having count(*) <> 1) as twice"""))
                .as("operations completed more than once").isZero();
    }

    void areCompletedOnce(Collection<String> ids) {
        assertThat(sql.sql("""
                select o.id || ' ' || o.status || ' ' || coalesce(o.error ->> 'message', '') from operation o
                    where id = any(:ids::uuid[])
                and (status <> 'completed' or (select count(*) from operation_history h where h.operation_id = o.id
                    and to_status = 'completed') <> 1)""")
                .param("ids", ids.toArray(String[]::new)).query(String.class).list())
                        .as("operations that are not completed, or more than once").isEmpty();
    }

    void historiesAreWhole() {
        assertThat(count("""
                select count(*) from (
                    select operation_id, seq, from_status, version,
                           lag(to_status) over w as before, lag(version) over w as older, row_number() over w as place
                    from operation_history window w as (partition by operation_id order by seq)) as h
                where seq <> place or from_status is distinct from before or version <= older"""))
                .as("history rows that do not chain").isZero();
        assertThat(count("select count(*) from operation o where history_seq <> (select count(*) from "
                + "operation_history h where h.operation_id = o.id)"))
                .as("operations whose history is not complete").isZero();
    }

    void progressNeverFell() {
        assertThat(count("""
                select count(*) from (select progress < lag(progress) over (partition by operation_id
                    order by seq) as fell from operation_history) as h
                where fell""")).as("times that progress went back").isZero();
    }

    List<String> ids(String query) {
        return sql.sql(query).query(String.class).list();
    }

    int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
