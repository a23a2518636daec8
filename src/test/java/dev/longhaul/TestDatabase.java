package dev.longhaul;

import java.sql.DriverManager;
import java.sql.SQLException;

/// PROVISIONAL: replaced by the one that chooses Testcontainers, embedded, or LONGHAUL_TEST_DB_URL.
public final class TestDatabase {

    private static final TestDatabase SHARED = new TestDatabase();
    private static int count;

    public record Database(String url, String serviceUser, String servicePassword, String ownerUser, String ownerPassword, String superuserUrl) {}

    public static TestDatabase shared() {
        return SHARED;
    }

    public synchronized Database fresh() {
        var url = System.getenv().getOrDefault("LONGHAUL_TEST_DB_URL", "jdbc:postgresql://127.0.0.1:5415/postgres?user=postgres");
        var name = "lh_test_" + ProcessHandle.current().pid() + "_" + ++count;
        try (var connection = DriverManager.getConnection(url); var statement = connection.createStatement()) {
            statement.execute("create database " + name + " owner longhaul_owner");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        var base = url.replaceFirst("/[^/?]*(\\?.*)?$", "/" + name);
        return new Database(base, "longhaul_service", "x", "longhaul_owner", "x", base + "?user=postgres");
    }
}
