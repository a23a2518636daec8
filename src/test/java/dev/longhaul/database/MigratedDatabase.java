package dev.longhaul.database;

import dev.longhaul.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A migrated database without a service: whoever speaks to it speaks plain SQL, as one of its roles.
final class MigratedDatabase {

    private final TestDatabase.Database database = TestDatabase.special().fresh();

    JdbcClient asSuperuser() {
        return JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    }

    JdbcClient asOwner() {
        return JdbcClient.create(new DriverManagerDataSource(database.url(), database.ownerUser(),
                database.ownerPassword()));
    }

    JdbcClient asService() {
        return JdbcClient.create(new DriverManagerDataSource(database.url(), database.serviceUser(),
                database.servicePassword()));
    }

    JdbcClient asReader() {
        return JdbcClient.create(new DriverManagerDataSource(database.readerUrl()));
    }

    Connection connectAsSuperuser() throws SQLException {
        return DriverManager.getConnection(database.superuserUrl());
    }

    Connection connectAsService() throws SQLException {
        return DriverManager.getConnection(database.url(), database.serviceUser(), database.servicePassword());
    }

    /// Typed by hand, like everything here.
    UUID submit() {
        return asService().sql("insert into operation (type) values ('typed') returning id").query(UUID.class).single();
    }

    /// A new operation that was led to `status` by hand, along allowed moves.
    UUID submitAndLeadTo(String status) {
        var id = submit();
        switch (status) {
            case "pending" -> { }
            case "running" -> move(id, "running");
            default -> {
                move(id, "running");
                move(id, status);
            }
        }
        return id;
    }

    /// What a person types who knows the least: the status, and for a run the two columns that it cannot be without.
    int move(UUID id, String status) {
        return asService().sql(status.equals("running")
                        ? "update operation set status = :status, run_id = gen_random_uuid(), worker_id = "
                        + "gen_random_uuid() where id = :id"
                        : "update operation set status = :status where id = :id")
                .param("status", status).param("id", id).update();
    }

    String status(UUID id) {
        return asService().sql("select status from operation where id = :id").param("id", id).query(String.class)
                .single();
    }
}
