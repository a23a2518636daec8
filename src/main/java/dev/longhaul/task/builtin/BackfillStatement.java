package dev.longhaul.task.builtin;

import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.core.Parser;
import org.postgresql.core.SqlCommandType;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/// One UPDATE, INSERT or DELETE over the keys from `:from` to before `:to`. PostgreSQL's own driver says what it is, and where it ends.
record BackfillStatement(String sql) {

    private static final Set<String> PARAMETERS = Set.of("from", "to");

    BackfillStatement {
        var names = parameters(sql);
        if (!names.equals(PARAMETERS)) {
            throw new IllegalArgumentException("statement must have the parameters :from and :to (keys from :from to before :to) and no others, not "
                    + (names.isEmpty() ? "none" : ":" + String.join(", :", names)));
        }
        try {
            var statements = Parser.parseJdbcSql(sql, true, false, true, false, true);
            if (statements.size() != 1) {
                throw new IllegalArgumentException("statement must be one statement, not " + statements.size());
            }
            var type = statements.getFirst().command.getType();
            if (type != SqlCommandType.UPDATE && type != SqlCommandType.INSERT && type != SqlCommandType.DELETE) {
                throw new IllegalArgumentException("statement must be an UPDATE, INSERT … SELECT or DELETE");
            }
        } catch (SQLException unreadable) {
            throw new IllegalArgumentException("statement cannot be read: " + unreadable.getMessage());
        }
    }

    private static Set<String> parameters(String sql) {
        var names = new TreeSet<String>();
        try {
            NamedParameterUtils.substituteNamedParameters(NamedParameterUtils.parseSqlStatement(sql), new SqlParameterSource() {
                @Override
                public boolean hasValue(String name) {
                    names.add(name);
                    return false;
                }

                @Override
                public Object getValue(String name) {
                    throw new IllegalArgumentException(name);
                }
            });
        } catch (InvalidDataAccessApiUsageException unreadable) {
            throw new IllegalArgumentException("statement cannot be read: " + unreadable.getMessage());
        }
        return names;
    }
}
