package dev.longhaul;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

class TestDatabaseTest {

    @Test
    void eachTestGetsADatabaseOfItsOwnThatTheOwnerOwnsAndTheServiceMayEnter() throws SQLException {
        var one = TestDatabase.shared().fresh();
        var other = TestDatabase.shared().fresh();

        assertThat(one.url()).isNotEqualTo(other.url());
        try (var owner = DriverManager.getConnection(one.url(), one.ownerUser(), one.ownerPassword()); var statement =
                owner.createStatement()) {
            statement.execute("create table mine (id int)");
        }
        try (var service = DriverManager.getConnection(other.url(), other.serviceUser(), other.servicePassword())) {
            assertThat(service.isValid(5)).isTrue();
        }
        try (var superuser = DriverManager.getConnection(one.superuserUrl()); var statement =
                superuser.createStatement();
                var row = statement.executeQuery("select tableowner || ' ' || current_setting('is_superuser') from "
                        + "pg_tables where tablename = 'mine'")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("longhaul_owner on");
        }
    }
}
